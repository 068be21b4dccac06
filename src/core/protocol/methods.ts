import type {Method} from './method.js'
import {conversationMethods} from './methods/conversation.js'
import {stackMethods} from './methods/stack.js'
import {serviceMethods} from './methods/service.js'
import {taskMethods} from './methods/task.js'
import {actionMethods} from './methods/action.js'
import {envMethods} from './methods/env.js'
import {healthMethods} from './methods/health.js'
import {typesMethods} from './methods/types.js'
import {logsMethods} from './methods/logs.js'
import {eventsMethods} from './methods/events.js'
import {registryMethods} from './methods/registry.js'
import {daemonMethods} from './methods/daemon.js'
import {censusMethods} from './methods/census.js'

export type {CensusAttempt, CensusMismatch, CensusStray, DaemonCensus} from './methods/census.js'
export type {DaemonInfo, StateProblem} from './methods/daemon.js'
export type {InitializeResult} from './methods/conversation.js'
export type {ExecParams, ServiceEnvironment, StartChoices} from './methods/service.js'
export type {StackVariable} from './methods/env.js'
export type {StackSummary} from './methods/stack.js'

/** The whole protocol. Client types, server validation and docs/protocol.md all come from here. */
export const methods = {
  ...conversationMethods,
  ...stackMethods,
  ...serviceMethods,
  ...taskMethods,
  ...actionMethods,
  ...healthMethods,
  ...envMethods,
  ...logsMethods,
  ...eventsMethods,
  ...typesMethods,
  ...registryMethods,
  ...daemonMethods,
  ...censusMethods,
} as const

type Methods = typeof methods
/** `service.start` and the like: each method of docs/protocol.md. */
export type MethodName = keyof Methods
/** What a method takes. */
export type ParamsOf<Name extends MethodName> =
  Methods[Name] extends Method<infer Params, infer _Result> ? Params : never
/** What a method answers. */
export type ResultOf<Name extends MethodName> =
  Methods[Name] extends Method<infer _Params, infer Result> ? Result : never
