import type {WorkloadHandle} from '../../contract/workload.js'
import {abortable} from '../../process/abortable.js'
import {lostStatus} from '../../process/await-end.js'
import type {ProcessHost} from '../../process/host.js'
import {isAlive, type ProcessIdentity} from '../../process/identity.js'
import {timeOfTick} from '../../process/platform.js'
import {isOfThisBoot} from '../../process/run-directory.js'
import type {Ended} from '../../process/service-process.js'
import {eventsOf} from './events.js'
import {saved, type AttachState} from './state.js'

/** A process of someone else: watched, never signalled. */
export function attachHandle(id: string, identity: ProcessIdentity, host: ProcessHost): WorkloadHandle<AttachState> {
  const released = new AbortController()
  const watch = awaitAbsence(identity, host)
  const release = (): void => {
    released.abort()
    watch[Symbol.dispose]()
  }
  return {
    id,
    place: {pid: identity.pid},
    isAlive: () => isAlive(identity),
    startedAt: isOfThisBoot(identity) ? timeOfTick(identity.startTick, host.clock.now()) : host.clock.now(),
    endpoints: [],
    events: eventsOf(watch.ended, released.signal),
    logs: [],
    save: () => saved(id, identity),
    wait: async (signal) => (await abortable(watch.ended, signal)).status,
    stop() {
      watch.letGo()
      return watch.ended.then(({status}) => status)
    },
    destroy() {
      release()
      return Promise.resolve()
    },
    release,
  }
}

interface AbsenceWatch extends Disposable {
  readonly ended: Promise<Ended>
  letGo(): void
}

/** Nobody tells a stranger about the end of a process: it has to look. */
function awaitAbsence(identity: ProcessIdentity, host: ProcessHost): AbsenceWatch {
  let settle: (end: Ended) => void = () => undefined
  const ended = new Promise<Ended>((resolve) => {
    settle = resolve
  })
  const finish = (reason: string): void => {
    poll[Symbol.dispose]()
    settle({status: lostStatus(reason), at: host.clock.now()})
  }
  const look = (): void => {
    if (!isAlive(identity)) finish('it was not started by harness, so its exit code is not known')
  }
  const poll = host.fast.add(look)
  look()
  return {
    ended,
    letGo: () => {
      finish('harness let go of it')
    },
    [Symbol.dispose]() {
      poll[Symbol.dispose]()
    },
  }
}
