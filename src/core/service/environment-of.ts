import {isHarnessError} from '../base/errors.js'
import {isElsewhere} from '../command/wrap.js'
import {narrowEnvironment} from './environment.js'
import type {ServiceRecord} from './record.js'
import type {SupervisedService, SupervisorHost} from './supervisor-host.js'

/** What a service has of its stack file, as far as it is known now, and the names of what it inherits from its caller. */
export function environmentOf(
  host: Pick<SupervisorHost, 'callerEnv' | 'executor' | 'fill' | 'layer'>,
  {definition, endpoints, replica}: SupervisedService,
  record: ServiceRecord,
): {readonly env: Readonly<Record<string, string>>; readonly inherited: readonly string[]} {
  const own = record.current?.endpoints ?? endpoints
  const filled = Object.entries(definition.env).map(([name, template]) => [name, fillOne(host, template, own)] as const)
  const env: Readonly<Record<string, string>> = {
    HARNESS_REPLICA: String(replica),
    ...Object.fromEntries<string>(filled),
  }
  const leads = isElsewhere(definition.layers ?? [], host.layer)
  const inherits = host.executor(definition.target.type).capabilities.local && !leads
  const inherited = inherits ? narrowEnvironment(host.callerEnv(record.env), definition.inheritEnv) : {}
  return {
    env,
    inherited: Object.keys(inherited)
      .filter((name) => !Object.hasOwn(env, name))
      .sort(),
  }
}

/** What it refers to may not have been started. */
function fillOne(
  host: Pick<SupervisorHost, 'fill'>,
  template: string,
  own: NonNullable<ServiceRecord['current']>['endpoints'],
): string {
  try {
    return host.fill({value: template}, own).value
  } catch (error) {
    if (isHarnessError(error)) return template
    throw error
  }
}
