/** harness for programs: talk to a daemon, or build one. */
export {connect, type ConnectOptions} from './core/client/api/connect.js'
export type {HarnessClient} from './core/client/api/create.js'
export type {EventCursor, EventItem, EventOptions, Events, EventSnapshot} from './core/client/api/events.js'
export type {Logs, LogsOptions} from './core/client/api/logs.js'
export {
  actionsOf,
  type ActionCall,
  type ActionOptions,
  type ActionsOf,
  type ActionSubject,
} from './core/client/api/actions.js'
export type {CallOptions} from './core/client/client.js'
export {startStack, type StartStackOptions} from './core/client/api/start-stack.js'
export type {RunningStack} from './core/client/api/running-stack.js'
export {loadStack, type LoadedStack} from './core/config/load-stack.js'
export type {LoadOptions} from './core/config/load-options.js'
export {startValues, type StartValues} from './core/client/start-values.js'
export {BaseDaemon, type BaseDaemonBuilder} from './core/daemon/base-daemon.js'
export {systemClock, type Clock} from './core/base/clock.js'
export type {ErrorCode} from './core/base/error-table.js'
export {HarnessError, isHarnessError} from './core/base/errors.js'
export {stateDirectory} from './core/base/state-directory.js'
export {builtIns} from './built-ins.js'
export type {MethodName, ParamsOf, ResultOf} from './core/protocol/methods.js'
export type {Topic} from './core/protocol/topics.js'
export type {DaemonEvent, EventGap, Progress} from './core/protocol/notifications.js'
export type {StackStatus, ServiceStatus, TaskStatus, StartOutcome, StopOutcome} from './core/contract/status.js'
export type * from './plugin.js'
