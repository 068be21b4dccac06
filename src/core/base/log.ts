import {isoTime, type Clock} from './clock.js'
import {jsonText} from './json.js'

/** From the least to the worst. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const

export type LogLevel = (typeof logLevels)[number]

/** The daemon's own log. `fields` must never hold a secret. */
export interface Log {
  debug(message: string, fields?: object): void
  info(message: string, fields?: object): void
  warn(message: string, fields?: object): void
  error(message: string, fields?: object): void
  /** The same log with fields that every line carries. */
  with(fields: object): Log
}

/** One JSON object a line: `{time, level, message, …fields}`. */
export function createLog(options: {
  readonly clock: Clock
  readonly level: LogLevel
  readonly write: (line: string) => void
  readonly fields?: object
}): Log {
  const at =
    (level: LogLevel) =>
    (message: string, fields?: object): void => {
      if (logLevels.indexOf(level) < logLevels.indexOf(options.level)) return
      options.write(jsonText({time: isoTime(options.clock.now()), level, message, ...options.fields, ...fields}) + '\n')
    }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => createLog({...options, fields: {...options.fields, ...fields}}),
  }
}

/** For tests and programs that want none. */
export const silentLog: Log = {debug() {}, info() {}, warn() {}, error() {}, with: () => silentLog}
