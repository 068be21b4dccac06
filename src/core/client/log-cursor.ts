import type {LogLine, LogPosition} from '../contract/log.js'

/** Where to go on in logs that were read up to somewhere. */
export interface LogCursor {
  /** `undefined` while nothing is known. */
  positions(): readonly LogPosition[] | undefined
  note(lines: readonly LogLine[], begin: readonly LogPosition[] | undefined): void
}

/** More of a service are not kept. */
const mostAttempts = 5

export function createLogCursor(): LogCursor {
  const positions = new Map<string, LogPosition>()
  let begun = false
  const set = (position: LogPosition): void => {
    const {service, attempt, stream} = position
    const key = `${service} ${attempt} ${stream}`
    if (!positions.has(key)) forget(service, attempt - mostAttempts)
    positions.set(key, position)
  }
  const forget = (service: string, newest: number): void => {
    for (const [key, one] of positions) if (one.service === service && one.attempt <= newest) positions.delete(key)
  }
  return {
    positions: () => (begun ? [...positions.values()] : undefined),
    note(lines, begin) {
      begun ||= begin !== undefined
      for (const position of begin ?? []) set(position)
      for (const {service, attempt, stream, next} of lines) set({service, attempt, stream, offset: next})
    },
  }
}
