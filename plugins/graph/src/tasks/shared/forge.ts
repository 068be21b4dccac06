import type {Wire} from '../../shared/http.js'
import {accountsOf, type Chain} from './chain.js'
import type {Tool} from './run-tool.js'
import {taskFailed, type Failing} from './task-error.js'

export const forgeInstall = 'Run `npm install --save-dev @foundry-rs/forge`, or see https://getfoundry.sh.'

export interface ForgeSigning {
  readonly account: string
  readonly words: readonly string[]
}

/** forge signs with the first account of the chain, which the node holds the key of. */
export async function forgeSigning(chain: Chain, failing: Failing & {readonly wire: Wire}): Promise<ForgeSigning> {
  const [account] = await accountsOf(chain, failing.wire)
  if (account === undefined) {
    const reason = `the chain at ${chain.url} holds no account that forge could deploy with`
    throw taskFailed(
      failing,
      reason,
      'Say in `command` of a graph-contracts task how to run forge, with a key of yours.',
    )
  }
  return {account, words: ['--broadcast', '--rpc-url', chain.url, '--unlocked']}
}

/** One contract, `NAME` or `PATH:NAME`. */
export function forgeCreate({
  contract,
  args,
  signing,
  isJson = false,
}: {
  readonly contract: string
  readonly args: readonly string[]
  readonly signing: ForgeSigning
  readonly isJson?: boolean
}): Pick<Tool, 'args' | 'install' | 'program'> {
  const words = [...signing.words, '--from', signing.account, ...(isJson ? ['--json'] : [])]
  // What follows the arguments of the constructor is taken for one of them.
  const given = args.length === 0 ? [] : ['--constructor-args', ...args]
  return {program: 'forge', args: ['create', contract, ...words, ...given], install: forgeInstall}
}
