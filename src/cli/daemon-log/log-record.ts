import {isJsonObject, type JsonObject} from '../../core/base/json.js'
import {logLevels, type LogLevel} from '../../core/base/log.js'

/** A line of the daemon's log as it was written; `undefined` for one that is no record. */
export function readRecord(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isJsonObject(value) && 'time' in value && 'level' in value && 'message' in value ? value : undefined
  } catch {
    return undefined
  }
}

/** What is no record was printed by Node, when the daemon could not even start: it counts as an error without a time. */
export function recordOf(line: string): JsonObject {
  return readRecord(line) ?? {time: null, level: 'error', message: line}
}

/** Whether a line is of this level or a worse one. */
export function isAtLeast(line: string, level: LogLevel): boolean {
  const {level: found} = recordOf(line)
  return logLevels.indexOf(found as LogLevel) >= logLevels.indexOf(level)
}
