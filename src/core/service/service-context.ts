import type {HarnessError} from '../base/errors.js'
import type {Json} from '../base/json.js'
import type {ServiceContext} from '../contract/service-type.js'
import type {Endpoint, WorkloadHandle} from '../contract/workload.js'
import {stackContext} from './stack-context.js'
import type {SupervisedService, SupervisorHost} from './supervisor-host.js'

export interface ServiceContextOptions {
  readonly host: SupervisorHost
  readonly service: SupervisedService
  readonly handle: WorkloadHandle
  /** Addresses of the attempt. */
  readonly endpoints: readonly Endpoint[]
  readonly signal: AbortSignal
  readonly progress: (message: string) => void
  /** Makes the error for an address that there is not. */
  readonly failed: (reason: string) => HarnessError
}

/** What a service type's setup and actions see of a service that runs. Throws where a reference has no value. */
export function serviceContext(options: ServiceContextOptions): ServiceContext<unknown> {
  const {host, service, handle, endpoints, signal, progress, failed} = options
  const {definition} = service
  const {config} = host.fill<{config: Json}>({config: definition.config ?? {}}, endpoints)
  const {spec} = host.fill<{spec: Json}>({spec: definition.target.spec}, endpoints)
  const all = [...endpoints, ...handle.endpoints]
  return {
    ...stackContext(host, signal, failed),
    config,
    target: {type: definition.target.type, spec},
    handle,
    progress,
    endpoint(which) {
      const found = all.find((each) => which === undefined || each.name === which)
      if (!found) throw failed(`it has no endpoint${which === undefined ? '' : ` '${which}'`}`)
      return found
    },
  }
}
