import type {ExitStatus} from '../../contract/command.js'
import {lostStatus} from '../../process/await-end.js'
import type {ProcessHost} from '../../process/host.js'
import {isAlive} from '../../process/identity.js'
import {bootId, timeOfUptime, uptime} from '../../process/platform.js'
import type {RunPaths} from '../../process/run-directory.js'
import type {Ended} from '../../process/service-process.js'
import {watchFile} from '../../process/watch-file.js'
import {readEnd, statusOfRecord, statusOfUnit, writeEnd} from './end-record.js'
import type {Manager} from './manager.js'
import type {Observed} from '../../base/observed.js'
import {isUp, type UnitState} from './parse-units.js'
import type {UnitRun} from './run-record.js'

export interface UnitEndOptions {
  readonly unit: string
  /** systemd keeps it when it fails. */
  readonly kept: boolean
  readonly paths: RunPaths
  readonly run: UnitRun
  readonly host: ProcessHost
  readonly manager: Manager
  readonly reachability: Observed<'known' | 'unknown'>
}

export interface UnitEnd extends Disposable {
  readonly ended: Promise<Ended>
  readonly isOver: () => boolean
  /** Looks now instead of at the next notice. */
  readonly look: () => void
  /** Waits no longer for a record. */
  giveUp(reason: string): void
}

/**
 * Waits for the end of a transient unit. systemd itself writes it down, and a watch on that file gives the notice; nobody is asked while the program
 * is seen to run. Where it is gone and nothing is written, systemd is asked: it may be about to, may know by itself, or may not answer, and then
 * nothing is known but that.
 */
export function awaitUnitEnd(options: UnitEndOptions): UnitEnd {
  const {paths, run, host} = options
  const resources: Disposable[] = []
  let over = false
  let settle: (end: Ended) => void = () => undefined
  const ended = new Promise<Ended>((resolve) => {
    settle = resolve
  })
  const dispose = (): void => {
    for (const resource of resources.splice(0)) resource[Symbol.dispose]()
  }
  const finish = (end: Ended | undefined): void => {
    if (!end || over) return
    over = true
    dispose()
    options.reachability.set('known')
    settle(end)
  }
  let asking = false
  const ask = async (): Promise<void> => {
    if (asking || over) return
    asking = true
    try {
      finish(await askedEnd(options))
    } finally {
      asking = false
    }
  }
  const look = (): void => {
    try {
      const known = recordedEnd(options)
      if (known) finish(known)
      else if (run.program === undefined || !isAlive(run.program)) void ask()
    } catch {
      // What cannot be read now (the daemon has no descriptor left) is read at the next look.
      return
    }
  }
  const watcher = watchFile(paths.exit, look)
  if (watcher) resources.push(watcher)
  resources.push((watcher && run.program ? host.slow : host.fast).add(look))
  look()
  return {
    ended,
    isOver: () => over,
    look,
    giveUp: (reason) => {
      finish(recordedEnd(options) ?? {status: lostStatus(reason), at: host.clock.now()})
    },
    [Symbol.dispose]: dispose,
  }
}

function recordedEnd({paths, run, host}: UnitEndOptions): Ended | undefined {
  const now = host.clock.now()
  const record = readEnd(paths)
  const isThisBoot = run.boot === bootId()
  if (record) return {status: statusOfRecord(record), at: isThisBoot ? timeOfUptime(record.uptime, now) : now}
  if (isThisBoot) return undefined
  return {status: {by: 'lost', reason: 'the machine was started again', rebooted: true}, at: now}
}

async function askedEnd(options: UnitEndOptions): Promise<Ended | undefined> {
  const {manager, unit, run, host, reachability} = options
  let state: UnitState
  try {
    state = await manager.showOne(unit)
  } catch {
    reachability.set('unknown')
    return undefined
  }
  reachability.set('known')
  const isSame = run.invocation === '' || state.invocation === run.invocation
  if (isUp(state) && isSame) return undefined
  const recorded = recordedEnd(options)
  if (recorded) return recorded
  return {status: unwrittenEnd(state, isSame, options), at: host.clock.now()}
}

/** Of a unit that is not up, where nothing was written down. The manager of the machine forgets no failure before the machine does. */
function unwrittenEnd(state: UnitState, isSame: boolean, {kept, manager, paths}: UnitEndOptions): ExitStatus {
  const hasEndedWell = kept && manager.scope === 'system' && state.active === 'inactive'
  const known = isSame ? statusOfUnit(state) : undefined
  if (known) writeEnd(paths, state, uptime())
  return known ?? (hasEndedWell ? {by: 'code', code: 0} : lostStatus('systemd has not written down how'))
}
