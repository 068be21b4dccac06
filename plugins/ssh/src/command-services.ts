import type {PluginServices} from '@service-harness/cli/plugin'

/** What a command, which is lent nothing, has instead. harness knows its errors by their code. */
export const commandServices: Pick<PluginServices, 'error' | 'log'> = {
  log: {debug: () => undefined, info: () => undefined, warn: () => undefined},
  error(code, {subject = 'ssh', reason = code, hint = '', cause}) {
    return Object.assign(new Error(`${subject}: ${reason}.`, {cause}), {code, subject, reason, hint})
  },
}
