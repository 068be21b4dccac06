import type {ServiceSetup} from '@service-harness/cli/plugin'
import type {Config} from './config.js'
import {storeOf} from './store-of.js'

/** Greets whoever looks. A store forgets everything when it ends, so that each start asks for it again. */
export const setup: ServiceSetup<Config> = {
  isComplete: async (context) => (await storeOf(context).get('greeting')) === wanted(context.config),
  async perform(context) {
    context.progress('writing the greeting')
    await storeOf(context).put('greeting', wanted(context.config))
  },
}

function wanted({greeting = 'hello'}: Config): string {
  return greeting
}
