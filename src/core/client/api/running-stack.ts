import {HarnessError} from '../../base/errors.js'
import type {EndpointStatus, StackStatus} from '../../contract/status.js'
import {actionsOf, type ActionsOf, type UntypedActions} from './actions.js'
import type {HarnessClient} from './create.js'
import type {Logs, LogsOptions} from './logs.js'

/** A stack that a program has started. Disposing it, or `stop()`, stops it. */
export interface RunningStack extends AsyncDisposable {
  readonly client: HarnessClient
  /** Its id, for methods of `client`. */
  readonly stack: string
  readonly name: string
  /**
   * Where a service can be reached, by the name of the port, or at its first one. SERVICE_UNKNOWN when no such service has one; replicas
   * have names of their own, `api-2`.
   */
  endpoint(service: string, port?: string): EndpointStatus
  status(): Promise<StackStatus>
  /** The actions of a service as functions; `Type` is `typeof` its service type, for their inputs and outputs. */
  actions: <Type = UntypedActions>(service: string) => ActionsOf<Type>
  /** What services and tasks print, all of it by default; with `follow` also what comes. */
  logs(options?: Omit<LogsOptions, 'stack'>): Logs
  /** Stops what was started, once, however often it is called. */
  stop(): Promise<void>
}

export interface RunningStackParts {
  readonly client: HarnessClient
  /** As it is after the start. */
  readonly status: StackStatus
  readonly end: () => Promise<void>
}

export function createRunningStack({client, status, end}: RunningStackParts): RunningStack {
  const {stack, name} = status
  let ending: Promise<void> | undefined
  const stop = (): Promise<void> => (ending ??= end())
  return {
    client,
    stack,
    name,
    endpoint: (service, port) => endpointOf(status, service, port),
    status: () => client.service.status({stack}),
    actions: <Type = UntypedActions>(service: string) => actionsOf<Type>(client, {stack, service}),
    logs: (options = {}) => client.logs({...options, stack}),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function endpointOf({services}: StackStatus, wanted: string, port: string | undefined): EndpointStatus {
  const endpoints = services.find(({name}) => name === wanted)?.endpoints ?? []
  const found = endpoints.find(({name}) => port === undefined || name === port)
  if (found) return found
  const known = services.flatMap((service) => service.endpoints.map(({name}) => `'${service.name}', '${name}'`))
  throw new HarnessError('SERVICE_UNKNOWN', {
    subject: port === undefined ? wanted : `${wanted} with a port '${port}'`,
    reason: 'there is no such endpoint',
    hint:
      known.length === 0
        ? "No service of the stack has 'ports'."
        : `There is ${known.map((each) => `endpoint(${each})`).join(', ')}.`,
  })
}
