import type {PluginServices} from '@service-harness/cli/plugin'
import type {Wire} from '../../shared/http.js'

/** What a failure of a task is told with. */
export interface Failing {
  readonly services: Pick<PluginServices, 'error'>
}

/** Why a task has failed, in words, and what to do about it. */
export function taskFailed({services}: Failing, reason: string, hint?: string): Error {
  return services.error('TASK_FAILED', {reason, ...(hint === undefined ? {} : {hint})})
}

/** Requests of tasks fail as tasks do. */
export function taskWire({services}: Failing, signal: AbortSignal): Wire {
  return {services: {error: (_code, info) => services.error('TASK_FAILED', info)}, signal}
}
