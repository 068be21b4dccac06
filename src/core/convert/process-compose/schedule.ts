import type {JsonObject} from '../../base/json.js'
import {given} from '../given.js'
import type {Part} from '../part.js'

/** When a task runs by itself. */
export function readSchedule(part: Part): JsonObject | undefined {
  const schedule = part.part('schedule')
  if (schedule === undefined) return undefined
  const cron = schedule.text('cron')
  const timezone = schedule.text('timezone')
  const every = schedule.text('interval')
  const most = schedule.number('max_concurrent') ?? 1
  if (schedule.flag('run_on_start')) {
    schedule.note('run_on_start', 'has no equivalent: `harness task run` runs it at once')
  }
  if (most > 2) schedule.note('max_concurrent', 'has no equivalent: it may overlap without a limit')
  schedule.leftOvers()
  const overlap = most > 1 ? 'parallel' : undefined
  return cron === undefined ? given({every, overlap}) : given({cron, timezone, overlap})
}
