import type {JsonObject} from '../base/json.js'

/** How a tool runs a line of text. */
export interface Shell {
  readonly command: string
  readonly argument: string
}

export const bash: Shell = {command: 'bash', argument: '-c'}
export const sh: Shell = {command: 'sh', argument: '-c'}

/** The fields of a process that is a line for a shell. */
export function shellFields({command, argument}: Shell, line: string): JsonObject {
  return {binary: command, args: [argument, line]}
}

/** The same as a command of a check or a stop. */
export function shellCommand({command, argument}: Shell, line: string): readonly string[] {
  return [command, argument, line]
}

/** One word for a shell, whatever is in it. */
export function quoted(word: string): string {
  return /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
