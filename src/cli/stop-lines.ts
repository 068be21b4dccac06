import type {ServiceStatus, StopOutcome} from '../core/contract/status.js'

/** What a stop has come to, in sentences: what it ended, which of the named ones did not run, and what does instead. */
export function stopLines(
  outcome: Pick<StopOutcome, 'failed' | 'stopped'>,
  named: readonly string[],
  services: readonly Pick<ServiceStatus, 'name' | 'state'>[],
): readonly string[] {
  const {stopped, failed} = outcome
  const acted = [...stopped, ...failed.map(({name}) => name)]
  const idle = named.filter((name) => !acted.includes(name))
  const lines = stopped.length > 0 ? [`Stopped ${stopped.join(', ')}.`] : []
  if (idle.length > 0) return [...lines, idleLine(idle, services)]
  return acted.length > 0 ? lines : ['Nothing is running.']
}

function idleLine(idle: readonly string[], services: readonly Pick<ServiceStatus, 'name' | 'state'>[]): string {
  const up = services.filter(({state}) => !atRest.has(state)).map(({name}) => name)
  const what = `${idle.join(', ')} ${idle.length === 1 ? 'is' : 'are'} not running`
  if (up.length === 0) return `${what}; nothing of this stack is.`
  return `${what}; ${up.join(', ')} ${up.length === 1 ? 'is' : 'are'}.`
}

const atRest: ReadonlySet<string> = new Set(['Failed', 'NotStarted', 'Stopped'])
