import type {WorkloadHandle} from '../contract/workload.js'
import type {Blame} from './blame.js'
import {facade} from './facade.js'
import type {Patience} from './patience.js'

/** How long beyond its grace a workload may take to be ended, and what is quick may take. */
const patienceMs = 10_000
const quick = {ms: patienceMs}

/** A workload of a user plugin's executor: see `guardExecutor`. */
export function guardHandle(
  handle: WorkloadHandle,
  {by, wait}: {readonly by: Blame; readonly wait: Patience},
): WorkloadHandle {
  return facade(handle, by, {
    save: (save) => () => by.sync('save', save),
    wait: (ended) => (signal) => wait('wait', {signal}, () => ended(signal)),
    stop: (stop) => (options) => wait('stop', {ms: options.graceMs + patienceMs}, () => stop(options)),
    destroy: (destroy) => () => wait('destroy', quick, destroy),
    release: (release) => () => {
      by.sync('release', release)
    },
    isAlive: (isAlive) => () => by.sync('isAlive', isAlive),
    exec: (exec) => (command, signal) => wait('exec', {signal}, () => exec(command, signal)),
    openSession: (open) => (request) => wait('openSession', quick, () => open(request)),
    openInput: (open) => () => wait('openInput', quick, open),
    stats: (stats) => (signal) => wait('stats', {...quick, signal}, () => stats(signal)),
    signal: (send) => (name) => wait('signal', quick, () => send(name)),
  })
}
