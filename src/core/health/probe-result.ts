/** What one probe found. `message` says it in one line for people: the address or program, what was expected, what came. */
export interface ProbeResult {
  readonly ok: boolean
  readonly message: string
}

export interface TimedResult extends ProbeResult {
  readonly durationMs: number
}
