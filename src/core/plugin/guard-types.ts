import type {ActionTable} from '../contract/action.js'
import type {ServiceContext, ServiceSetup, ServiceType} from '../contract/service-type.js'
import type {TaskType} from '../contract/task-type.js'
import {blame, type Blame} from './blame.js'
import {facade} from './facade.js'
import type {PluginSource} from './plugin-source.js'

/** A service type of a user plugin as the host uses it: what it throws names the plugin, and its actions are those that were checked. */
export function guardServiceType(type: ServiceType, source: PluginSource): ServiceType {
  const by = blame(source, 'PLUGIN_CALL_FAILED', type.type)
  return facade(type, by, {
    defaults: (defaults) => (config, service) => by.sync('defaults', () => defaults(config, service)),
    setup: (setup) => guardSetup(setup, by),
    actions: (actions) => guardActions(actions, by),
    processEvent: (make) => (event) => by.sync('processEvent', () => make(event)),
  })
}

/** As `guardServiceType`. */
export function guardTaskType(type: TaskType, source: PluginSource): TaskType {
  const by = blame(source, 'PLUGIN_CALL_FAILED', type.type)
  return facade(type, by, {
    run: (run) => (input, context) => by.async('', () => run(input, context)),
    dependsOn: (dependsOn) => (input) => by.sync('dependsOn', () => dependsOn(input)),
    isComplete: (isComplete) => (input, context) => by.async('', () => isComplete(input, context)),
    processEvent: (make) => (event) => by.sync('processEvent', () => make(event)),
  })
}

function guardSetup(setup: ServiceSetup<unknown>, by: Blame): ServiceSetup<unknown> {
  return facade(setup, by, {
    isComplete: (isComplete) => (context) => by.async('', () => isComplete(context)),
    perform: (perform) => (context) => by.async('', () => perform(context)),
    validate: (validate) => (context) => by.async('', () => validate(context)),
  })
}

/** A table of its own: one that the plugin changes later was not checked. */
function guardActions(actions: ActionTable<ServiceContext<unknown>>, by: Blame): ActionTable<ServiceContext<unknown>> {
  const guarded = Object.entries(actions).map(([name, action]) => {
    const one = facade(action, by, {run: (run) => (input, context) => by.async('', () => run(input, context))})
    return [name, one] as const
  })
  return Object.freeze(Object.fromEntries(guarded))
}
