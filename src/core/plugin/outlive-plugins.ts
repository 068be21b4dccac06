import {guardExit} from './guard-exit.js'
import type {PluginSource} from './plugin-source.js'
import {whoseError} from './whose-error.js'

export interface StrayError {
  readonly error: unknown
  readonly sort: 'exception' | 'rejection'
  /** Whose it is, where that can be told. */
  readonly plugin: PluginSource | undefined
}

/**
 * What a plugin does in its own time, in a timer or after a promise that nobody waits for, has no caller who could catch its errors: they come here
 * instead of ending the process. Nor does its `process.exit`.
 */
export function outlivePlugins(sources: readonly PluginSource[], tell: (stray: StrayError) => void): Disposable {
  const onException = (error: unknown): void => {
    tell({error, sort: 'exception', plugin: whoseError(error, sources)})
  }
  const onRejection = (error: unknown): void => {
    tell({error, sort: 'rejection', plugin: whoseError(error, sources)})
  }
  const exit = guardExit(() => whoseError(new Error('Who calls?'), sources) === undefined)
  process.on('uncaughtException', onException)
  process.on('unhandledRejection', onRejection)
  return {
    [Symbol.dispose]() {
      exit[Symbol.dispose]()
      process.off('uncaughtException', onException)
      process.off('unhandledRejection', onRejection)
    },
  }
}
