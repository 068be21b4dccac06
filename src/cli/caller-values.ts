import {printable} from '../core/base/printable.js'
import {shortestSecret} from '../core/base/redactor.js'
import type {LoadedStack} from '../core/config/load-stack.js'
import type {Caller} from '../core/protocol/method.js'
import {callerEnvironment} from './caller-environment.js'
import type {Host} from './with-daemon.js'

/**
 * What a start is given: the caller's environment, and with a stack file its `.env` file and the values of its secrets. The environment of
 * this machine means nothing on another: there PATH, HOME and the like are the daemon's.
 */
export async function callerValues(
  loaded: LoadedStack | undefined,
  {terminal, remote}: Pick<Host, 'remote' | 'terminal'>,
): Promise<Caller> {
  const isElsewhere = remote !== undefined
  if (isElsewhere) terminal.note(elsewhereText(remote))
  const own = isElsewhere ? {} : process.env
  if (loaded === undefined) return {env: callerEnvironment(own), login: isElsewhere}
  const {startValues} = await import('../core/client/start-values.js')
  const {env, missing, short} = await startValues(loaded, own, process.env)
  for (const {secret, reason} of missing)
    terminal.warn(printable(`Secret '${secret}' has no value: ${reason}. What runs keeps the one it was started with.`))
  for (const secret of short) {
    terminal.warn(printable(`Secret '${secret}' has fewer than ${shortestSecret} characters: it cannot be masked.`))
  }
  return {env, login: isElsewhere}
}

function elsewhereText(remote: string): string {
  const {hostname} = new URL(remote)
  return printable(
    `Folders, programs and ports are those of ${hostname}. Of this machine go there what the stack file says, its .env file and its secrets.`,
  )
}
