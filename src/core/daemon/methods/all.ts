import {handleWith, type Connection, type Handle, type Handlers} from '../../transport/connection.js'
import {answerOnce} from '../answer-once.js'
import type {DaemonContext} from '../context.js'
import {actionMethods} from './action.js'
import {daemonMethods} from './daemon.js'
import {envMethods} from './env.js'
import {eventMethods} from './events.js'
import {healthMethods} from './health.js'
import {logMethods} from './logs.js'
import {registryMethods} from './registry.js'
import {serviceMethods} from './service.js'
import {sessionMethods} from './sessions.js'
import {stackMethods} from './stack.js'
import {taskMethods} from './task.js'
import {typesMethods} from './types.js'

/** Answers everything that one client can ask. */
export function answerTo(daemon: DaemonContext, connection: Connection): Handle {
  return answerOnce(daemon.once, daemon.traces.around(handleWith(allMethods(daemon, connection))))
}

function allMethods(daemon: DaemonContext, connection: Connection): Handlers {
  return {
    ...daemonMethods(daemon),
    ...stackMethods(daemon),
    ...serviceMethods(daemon),
    ...sessionMethods(daemon),
    ...taskMethods(daemon),
    ...actionMethods(daemon),
    ...healthMethods(daemon),
    ...envMethods(daemon),
    ...typesMethods(daemon),
    ...logMethods(daemon),
    ...registryMethods(daemon),
    ...eventMethods(daemon, connection),
  }
}
