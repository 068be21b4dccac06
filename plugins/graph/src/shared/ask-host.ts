import type {ClientWish, LentClient} from '@service-harness/cli/plugin'
import type {Interfaces} from '@oclif/core'

/** Asks harness for a client: see `ClientHook` in the types of plugins. Rejects with what harness throws. */
export async function askHost(config: Interfaces.Config, wish: ClientWish): Promise<LentClient> {
  const {successes, failures} = await config.runHook('harness:client', {...wish})
  for (const {error} of failures) throw error
  const [answer] = successes
  if (answer) return answer.result as LentClient
  throw new Error(`harness ${config.version} lends no client to plugins: upgrade it.`)
}
