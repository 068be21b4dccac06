import type {PrepareOptions} from './prepare.js'
import {serviceKey, type ServiceRecord} from './record.js'
import type {SupervisedService, SupervisorHost} from './supervisor-host.js'

/** What the next attempt of a service is prepared from. Throws EXECUTOR_UNAVAILABLE when no plugin brings its executor. */
export function attemptOptions(
  host: SupervisorHost,
  service: SupervisedService,
  record: ServiceRecord,
): PrepareOptions {
  const {name, definition, hash, replica} = service
  const surroundings = host.surroundings()
  return {
    stack: host.stack,
    name,
    attempt: record.attempt + 1,
    restarts: record.restartCount,
    definition,
    typeEndpoints: service.endpoints,
    executor: host.executor(definition.target.type),
    layer: host.layer,
    callerEnv: host.callerEnv(record.env),
    keptPorts: record.ports,
    ...((surroundings.tunnel || definition.ports.some(({port}) => port === 0)) && {
      takenPorts: portsOfOthers(host, name),
    }),
    runsDirectory: host.runsDirectory,
    fill: host.fill,
    surroundings,
    now: host.clock.now(),
    hash,
    replica,
  }
}

/** What was allocated to other services of any stack, also to those that are down: they come back to it. */
function portsOfOthers({store, stack}: SupervisorHost, name: string): ReadonlySet<number> {
  const own = serviceKey(stack.id, name)
  const others = store.entries('service/').filter(([key]) => key !== own)
  return new Set(others.flatMap(([, record]) => Object.values((record as unknown as ServiceRecord).ports)))
}
