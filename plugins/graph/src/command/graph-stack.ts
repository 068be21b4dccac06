import type {LentClient, ResultOf} from '@service-harness/cli/plugin'
import type {Interfaces} from '@oclif/core'
import {askHost} from '../shared/ask-host.js'
import type {StackChoice} from './flags.js'

export type GraphService = ResultOf<'registry.services'>['services'][number]

/** A stack that a command is about, and its services. Disposing it ends the conversation with the daemon. */
export interface GraphStack extends AsyncDisposable {
  readonly lent: LentClient
  readonly client: LentClient['client']
  /** Its id. */
  readonly stack: string
  readonly services: readonly GraphService[]
}

/** Finds the stack that the flags choose, as `harness status` does. */
export async function openGraphStack(config: Interfaces.Config, flags: StackChoice): Promise<GraphStack> {
  const lent = await askHost(config, {about: flags, ...(flags.daemon && {daemon: flags.daemon})})
  try {
    const stack = await lent.findStack(flags)
    const {services} = await lent.client.registry.services({stack, services: []})
    return {lent, client: lent.client, stack, services, [Symbol.asyncDispose]: () => lent[Symbol.asyncDispose]()}
  } catch (error) {
    await lent[Symbol.asyncDispose]()
    throw error
  }
}
