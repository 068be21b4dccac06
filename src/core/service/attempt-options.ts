import type {PrepareOptions} from './prepare.js'
import type {ServiceRecord} from './record.js'
import type {SupervisedService, SupervisorHost} from './supervisor-host.js'

/** What the next attempt of a service is prepared from. Throws EXECUTOR_UNAVAILABLE when no plugin brings its executor. */
export function attemptOptions(
  host: SupervisorHost,
  service: SupervisedService,
  record: ServiceRecord,
): PrepareOptions {
  const {name, definition, hash, replica} = service
  return {
    stack: host.stack,
    name,
    attempt: record.attempt + 1,
    definition,
    typeEndpoints: service.endpoints,
    executor: host.executor(definition.target.type),
    callerEnv: host.callerEnv(record.env),
    keptPorts: record.ports,
    runsDirectory: host.runsDirectory,
    fill: host.fill,
    now: host.clock.now(),
    hash,
    replica,
  }
}
