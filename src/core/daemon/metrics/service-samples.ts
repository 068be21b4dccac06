import type {ServiceStatus, TaskStatus} from '../../contract/status.js'
import type {Stack} from '../../stack/stack.js'

/** One service at one moment. `service` is `other` for those that get no series of their own. */
interface ServiceSample {
  readonly stack: string
  readonly service: string
  readonly status: ServiceStatus
  readonly logBytes: number
}

export interface StackSamples {
  readonly services: readonly ServiceSample[]
  readonly tasks: readonly {readonly stack: string; readonly state: TaskStatus['state']}[]
}

/** Each series costs whoever stores it: so many services have their own, the rest are `other`. */
const mostSeries = 1000
export const otherServices = 'other'

export async function sampleStacks(stacks: readonly Stack[], most = mostSeries): Promise<StackSamples> {
  let seen = 0
  const sampled = await Promise.all(
    stacks.map(async (stack) => {
      const {services, tasks} = stack.status([])
      const named = services.map((status) => ({status, service: (seen += 1) <= most ? status.name : otherServices}))
      const bytes = await stack.logBytes()
      return {
        services: named.map(({status, service}) => ({
          ...{stack: stack.id, service, status},
          logBytes: bytes.get(status.name) ?? 0,
        })),
        tasks: tasks.map(({state}) => ({stack: stack.id, state})),
      }
    }),
  )
  return {
    services: sampled.flatMap(({services}) => services),
    tasks: sampled.flatMap(({tasks}) => tasks),
  }
}
