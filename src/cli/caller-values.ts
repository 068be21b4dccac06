import {printable} from '../core/base/printable.js'
import {shortestSecret} from '../core/base/redactor.js'
import type {LoadedStack} from '../core/config/load-stack.js'
import {callerEnvironment} from './caller-environment.js'
import type {Terminal} from './terminal.js'

/** What a start is given: the caller's environment, and with a stack file its `.env` file and the values of its secrets. */
export async function callerValues(
  loaded: LoadedStack | undefined,
  terminal: Terminal,
): Promise<Readonly<Record<string, string>>> {
  if (loaded === undefined) return callerEnvironment()
  const {startValues} = await import('../core/client/start-values.js')
  const {env, missing, short} = await startValues(loaded, process.env)
  for (const {secret, reason} of missing)
    terminal.warn(printable(`Secret '${secret}' has no value: ${reason}. What runs keeps the one it was started with.`))
  for (const secret of short) {
    terminal.warn(printable(`Secret '${secret}' has fewer than ${shortestSecret} characters: it cannot be masked.`))
  }
  return env
}
