import {Cron} from 'croner'
import type {Clock} from '../base/clock.js'
import type {ScheduleDefinition} from '../contract/stack.js'

/** When a schedule is due, one time after the other. What has passed before it was made is not made up for. */
export interface ScheduleTime {
  /** In milliseconds since the epoch; `null`: never again. */
  nextAt(): number | null
  /** How long nothing needs to be looked at, in milliseconds. */
  waitMs(): number
  /** Is it due? Then it goes on to the next time, past all that were missed. */
  take(): boolean
}

/** Throws for a cron expression or time zone that means nothing. */
export function scheduleTime(schedule: ScheduleDefinition, clock: Clock): ScheduleTime {
  return 'everyMs' in schedule ? intervalTime(schedule.everyMs, clock) : cronTime(schedule, clock)
}

/** Takes no notice of what becomes of the wall clock. */
function intervalTime(everyMs: number, clock: Clock): ScheduleTime {
  let next = clock.monotonic() + everyMs
  return {
    nextAt: () => clock.now() + next - clock.monotonic(),
    waitMs: () => Math.max(0, next - clock.monotonic()),
    take() {
      const late = clock.monotonic() - next
      if (late < 0) return false
      next += everyMs * (Math.floor(late / everyMs) + 1)
      return true
    },
  }
}

/** The wall clock may jump while nothing is looked at. */
const lookAgainMs = 60_000
/** A clock that is set back further than this was wrong before: what was due by it says nothing. */
const mostSetBackMs = 24 * 3_600_000

function cronTime({cron, timezone}: {readonly cron: string; readonly timezone: string}, clock: Clock): ScheduleTime {
  const pattern = new Cron(cron, {timezone, paused: true})
  let last = clock.now()
  /** After the last one, also when the clock was set back behind it: no time is due twice. */
  const find = (): number | null => {
    const now = clock.now()
    const after = last - now > mostSetBackMs ? now : Math.max(now, last)
    return pattern.nextRun(new Date(after))?.getTime() ?? null
  }
  let next = find()
  return {
    nextAt: () => next,
    waitMs: () => (next === null ? lookAgainMs : Math.min(Math.max(0, next - clock.now()), lookAgainMs)),
    take() {
      const due = next !== null && clock.now() >= next
      if (due) last = next ?? last
      next = find()
      return due
    },
  }
}
