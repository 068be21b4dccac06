import {describeError} from './describe-error.js'
import type {Terminal} from './terminal.js'

/** Where each line of the output is a record the error is the last of them. Answers the exit code. */
export async function withLineErrors(terminal: Terminal, work: () => Promise<number>): Promise<number> {
  if (!terminal.json) return work()
  try {
    return await work()
  } catch (error) {
    const {code, message, hint, details, exit} = describeError(error)
    terminal.data({error: {code, message, hint, details: details ?? null}}, 'line')
    return exit
  }
}
