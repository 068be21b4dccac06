import type {Clock} from '../base/clock.js'
import {knownAction} from '../base/action-name.js'
import {HarnessError} from '../base/errors.js'
import type {Json} from '../base/json.js'
import type {Log} from '../base/log.js'
import type {Action, ActionDescription} from '../contract/action.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {ServiceContext, ServiceType} from '../contract/service-type.js'
import {describeActions} from '../plugin/installed-types.js'
import type {ServiceSupervisor} from '../service/supervisor.js'
import {fitJson} from './fit-json.js'
import {runAction, type ActionEvents} from './run-action.js'

export interface ActionCall extends ActionEvents {
  readonly service: string
  readonly action: string
  readonly input: Json
  /** No limit when it is not given. */
  readonly timeoutMs?: number
  readonly signal: AbortSignal
}

export interface ServiceAction extends ActionDescription {
  readonly service: string
}

export interface StackActionsOptions {
  readonly catalogue: Catalogue
  readonly clock: Clock
  readonly log: Log
  /** The supervisors of services as people name them, or all; SERVICE_UNKNOWN. */
  readonly find: (names: readonly string[]) => readonly ServiceSupervisor[]
}

/** What the service types of a stack can do with its services. */
export class StackActions {
  constructor(private readonly options: StackActionsOptions) {}

  /** Of all services when none is named. */
  list(service?: string): readonly ServiceAction[] {
    const found = this.options.find(service === undefined ? [] : [service])
    return found.flatMap((each) =>
      describeActions(this.typeOf(each)?.actions).map((action) => ({service: each.name, ...action})),
    )
  }

  /**
   * Carries an action out on a service that runs, and answers its output. ACTION_UNKNOWN, ACTION_INPUT_INVALID, SERVICE_NOT_RUNNING; ACTION_FAILED
   * when it fails, takes too long or answers with what is not its output. Its events go to the call.
   */
  invoke(call: ActionCall): Promise<Json> {
    const [service] = this.options.find([call.service])
    if (!service) throw new HarnessError('SERVICE_UNKNOWN', {subject: call.service})
    const [name, action] = this.action(service, call.action)
    const subject = `${service.name} ${name}`
    const checked = fitJson(action.input, call.input)
    if ('problem' in checked) throw invalidInput(subject, service.name, checked.problem)
    return runAction({...this.options, ...call, subject, service, action, input: checked.value})
  }

  private action(service: ServiceSupervisor, asked: string): readonly [string, Action<ServiceContext<unknown>>] {
    const type = this.typeOf(service)
    const actions = type?.actions ?? {}
    const name = knownAction(Object.keys(actions), asked)
    const found = name === undefined ? undefined : actions[name]
    if (name !== undefined && found) return [name, found]
    throw new HarnessError('ACTION_UNKNOWN', {subject: asked, reason: reasonOf(service.name, type)})
  }

  private typeOf({definition}: ServiceSupervisor): ServiceType | undefined {
    const {serviceType} = definition
    return serviceType === undefined ? undefined : this.options.catalogue.serviceType(serviceType)
  }
}

function reasonOf(service: string, type: ServiceType | undefined): string {
  if (!type) return `service '${service}' has no service type that could bring one`
  const names = Object.keys(type.actions ?? {}).sort()
  if (names.length === 0) return `the type '${type.type}' of service '${service}' brings none`
  return `service '${service}' has ${names.join(', ')}`
}

function invalidInput(subject: string, service: string, problem: string): HarnessError {
  return new HarnessError('ACTION_INPUT_INVALID', {
    subject,
    reason: problem,
    hint: `Run \`harness action list ${service}\` to see what it takes.`,
  })
}
