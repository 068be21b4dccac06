import type {ServiceState, TaskState} from '../contract/service-state.js'
import {isAtRest, type AttemptRecord} from '../service/record.js'
import type {StackNodes} from './stack-nodes.js'

/** An attempt of which something may run, as the daemon believes. */
export interface BelievedAttempt {
  readonly kind: 'service' | 'task'
  readonly name: string
  readonly state: ServiceState | TaskState
  readonly desired: 'down' | 'up'
  readonly record: AttemptRecord
  /** Of a workload that is held now; `undefined` while none is, and where it is no process of this machine. */
  readonly pid: number | undefined
}

export function attemptsOf({services, tasks}: Pick<StackNodes, 'services' | 'tasks'>): readonly BelievedAttempt[] {
  const ofServices = services.all().filter(({record, handle}) => handle !== undefined || !isAtRest(record))
  const ofTasks = tasks.all().filter(({record, handle}) => handle !== undefined || record.desired === 'up')
  return [
    ...ofServices.map((node) => ({kind: 'service' as const, node})),
    ...ofTasks.map((node) => ({kind: 'task' as const, node})),
  ].flatMap(({kind, node: {name, record, handle}}) => {
    const {current, state, desired} = record
    return current ? [{kind, name, state, desired, record: current, pid: handle?.place.pid}] : []
  })
}
