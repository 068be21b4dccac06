import {HarnessError} from '../../../base/errors.js'
import type {StopOptions} from '../../../contract/workload.js'
import {movableDeadline} from '../../../process/deadline.js'
import type {ProcessHost} from '../../../process/host.js'
import type {Machine} from '../machine.js'
import {isRefused, isSuccess, wordsOf, type Manager} from '../manager.js'
import type {UnitWatch} from './watch.js'

interface Stopped {
  readonly unit: string
  readonly service: string
  readonly machine: Machine
  readonly manager: Manager
  readonly host: ProcessHost
  readonly watch: UnitWatch
}

const pauseMs = 50
/** Of one that is looked at anyway, once a second: each question of its own is a connection. */
const farPauseMs = 250
const patienceMs = 10_000

/** By the unit's own settings (`KillSignal=`, `ExecStop=`), and by force after the grace. */
export async function stopUnit(stopped: Stopped, {graceMs}: StopOptions): Promise<void> {
  const {unit, service, machine, manager, host, watch} = stopped
  const isFar = machine.place !== undefined
  if (watch.isOver()) return
  const result = await manager.stop(unit, {wait: false})
  if (!isSuccess(result)) throw notStopped(service, isRefused(result), wordsOf(result))
  using deadline = movableDeadline(host.clock)
  deadline.shorten(graceMs)
  let forcedSince: number | undefined
  for (;;) {
    if (!isFar || deadline.passed()) await watch.look()
    if (watch.isOver()) return
    if (deadline.passed()) {
      forcedSince ??= host.clock.monotonic()
      if (host.clock.monotonic() - forcedSince > patienceMs) {
        throw notStopped(service, false, `'${unit}' was still there ${patienceMs / 1000} s after SIGKILL`)
      }
      await manager.kill(unit, 'SIGKILL', 'all')
    }
    await Promise.race([watch.ended, host.clock.sleep(isFar ? farPauseMs : pauseMs)])
  }
}

function notStopped(subject: string, refused: boolean, reason: string): HarnessError {
  return new HarnessError('SERVICE_STOP_FAILED', {
    subject,
    reason,
    ...(refused && {hint: 'Run harness as a user who may stop the unit, or give the right in polkit.'}),
  })
}
