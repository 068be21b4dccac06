import type {AttemptCopies} from './attempt-copies.js'
import {firstRunning} from './first-running.js'
import {freshStart, isUp, splitAttempts, type AttemptRecord, type ServiceRecord} from './record.js'
import type {RecordKeeper} from './record-keeper.js'
import type {SupervisedService, SupervisorHost} from './supervisor-host.js'
import type {WorkloadFinder} from './workload-finder.js'

export interface LostParts {
  readonly host: Pick<SupervisorHost, 'clock' | 'log' | 'stack'>
  readonly service: SupervisedService
  readonly keeper: RecordKeeper
  readonly copies: AttemptCopies
  readonly finder: Pick<WorkloadFinder, 'discard' | 'find'>
}

const reason = 'it was found running; the record of its start was lost'

/**
 * Looks for an attempt that runs though the record does not know it, because the journal was damaged or lost, and makes it the current one: a
 * second instance must not begin beside it. `adopted`: it is to be picked up like any that is Starting. `untold`: none was found, and of some that
 * could not be told.
 */
export async function adoptLost(parts: LostParts): Promise<'adopted' | 'none' | 'untold'> {
  const {keeper, copies, finder, host, service} = parts
  const {record} = keeper
  const known = new Set([...record.earlier, ...(record.current ? [record.current] : [])].map(({instance}) => instance))
  const unknown = await copies.others(known)
  const {running, untold} = await firstRunning(unknown, {...host, find: (attempt) => finder.find(attempt)})
  if (!running) return untold ? 'untold' : 'none'
  host.log.error('a service runs whose record was lost; it is taken over', {
    stack: host.stack.id,
    service: service.name,
    attempt: running.attempt,
    instance: running.instance,
  })
  await toRest(keeper)
  const {kept, surplus} = earlierOf(record, unknown, running)
  const fields = {
    ...freshStart,
    reason,
    attempt: Math.max(record.attempt, running.attempt),
    current: running,
    earlier: kept,
    ports: {...record.ports, ...portsOf(service, running)},
  }
  await keeper.move(keeper.record.state === 'Restarting' ? 'relaunch' : 'adopt', fields)
  finder.discard(surplus)
  return 'adopted'
}

/** Where a new attempt can begin. */
async function toRest(keeper: RecordKeeper): Promise<void> {
  const {state} = keeper.record
  if (state === 'Stopping') await keeper.move('stopped')
  else if (isUp(keeper.record) && state !== 'Restarting') await keeper.move('exitedRetry', {reason})
}

/** The logs of those that have ended can be read again as well, as far as logs are kept. */
function earlierOf(
  {earlier, current}: ServiceRecord,
  unknown: readonly AttemptRecord[],
  running: AttemptRecord,
): ReturnType<typeof splitAttempts> {
  const all = [...earlier, ...(current ? [current] : []), ...unknown.filter((attempt) => attempt !== running)]
  return splitAttempts({earlier: all.sort((one, other) => one.startedAt - other.startedAt), current: null})
}

/** A port that was allocated is kept over restarts. */
function portsOf({definition}: SupervisedService, {endpoints}: AttemptRecord): Readonly<Record<string, number>> {
  const allocated = definition.ports.filter(({port}) => port === 0)
  return Object.fromEntries(
    allocated.flatMap(({name}) => {
      const found = endpoints.find((endpoint) => endpoint.name === name)
      return found ? [[name, found.port]] : []
    }),
  )
}
