export interface Line {
  readonly kind: 'line'
  readonly stream: 'stdout'
  readonly text: string
  readonly at: number
}

/** What a service type does with a line: see whether it is one of its own. */
export function processEvent(line: Line): {readonly block: number} | undefined
