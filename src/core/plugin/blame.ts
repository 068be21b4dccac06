import {HarnessError, isHarnessError, messageOf} from '../base/errors.js'
import type {PluginSource} from './plugin-source.js'

/** Makes errors that name the plugin whose code was called. What it raised through `PluginServices.error` says what its author meant, and stays. */
export interface Blame {
  /** `plugin 'harness-plugin-x' 1.2.3 (user)` */
  readonly who: string
  /** The error of a call; `code` is what errors of that sort are, `subject` what the plugin brought. */
  error(reason: string, cause?: unknown): HarnessError
  /** Answers with what the call answers, or throws what it threw, blamed. `call` is empty where whoever asks says which it was. */
  sync<T>(call: string, work: () => T): T
  async<T>(call: string, work: () => Promise<T> | T): Promise<T>
}

export function blame(source: PluginSource, code: 'EXECUTOR_FAILED' | 'PLUGIN_CALL_FAILED', subject: string): Blame {
  const {name} = source
  const who = whoIs(source)
  const hint = `If that is a mistake of the plugin: \`harness plugins update\`, \`harness plugins uninstall ${name}\`, or tell its author.`
  const error = (reason: string, cause?: unknown): HarnessError =>
    new HarnessError(code, {subject, reason: `${reason}, in ${who}`, hint, cause})
  const blamed = (call: string, thrown: unknown): unknown =>
    isHarnessError(thrown) ? thrown : error(`${call && `${call}: `}${messageOf(thrown).replace(/\.$/, '')}`, thrown)
  return {
    who,
    error,
    sync(call, work) {
      try {
        return work()
      } catch (thrown) {
        throw blamed(call, thrown)
      }
    },
    async async(call, work) {
      try {
        return await work()
      } catch (thrown) {
        throw blamed(call, thrown)
      }
    },
  }
}

/** A plugin in messages. */
export function whoIs({name, version, kind}: Pick<PluginSource, 'kind' | 'name' | 'version'>): string {
  return `plugin '${name}' ${version} (${kind})`
}
