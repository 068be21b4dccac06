import {HarnessError} from '../core/base/errors.js'
import {isName, toName} from '../core/base/ids.js'

/** Names of services (or of what else a command shows) as they were typed; SERVICE_UNKNOWN for what no service can be called. */
export function serviceNames(typed: readonly string[] | undefined): readonly string[] {
  return (typed ?? []).map(serviceName)
}

export function serviceName(typed: string): string {
  return requireName('SERVICE_UNKNOWN', typed, 'Run `harness status` to see the services of the stack.')
}

/** TASK_UNKNOWN for what no task can be called. */
export function taskName(typed: string): string {
  return requireName('TASK_UNKNOWN', typed, 'Run `harness task list` to see the tasks of the stack.')
}

function requireName(code: 'SERVICE_UNKNOWN' | 'TASK_UNKNOWN', typed: string, next: string): string {
  if (isName(typed)) return typed
  const meant = meantBy(typed)
  throw new HarnessError(code, {
    subject: typed,
    reason: 'a name has small letters, digits, - and _, at most 63',
    hint: meant === undefined ? next : `Did you mean '${meant}'? ${next}`,
  })
}

/** `undefined` where hardly anything of it is left. */
function meantBy(typed: string): string | undefined {
  if (!/[a-z0-9]/i.test(typed)) return undefined
  return toName(typed).replace(/-+$/, '')
}
