import {Cron} from 'croner'
import {messageOf} from '../base/errors.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {ScheduleDefinition, StackDefinition} from '../contract/stack.js'
import {joinPath} from './node.js'
import {pointerTo} from './reading.js'
import {didYouMean} from './suggest.js'

/** Schedules that cannot be understood or would never come. Loads the parser of cron expressions. */
export function checkSchedules(definition: Pick<StackDefinition, 'tasks'>): Diagnostic[] {
  return Object.entries(definition.tasks).flatMap(([name, {schedule}]) => {
    if (schedule === undefined) return []
    const pointer = pointerTo(pointerTo('/tasks', name), 'schedule')
    const problems = checkSchedule(schedule, `${joinPath('tasks', name)}.schedule`)
    return problems.map((problem) => ({...problem, pointer: pointerTo(pointer, problem.pointer)}))
  })
}

const shortestMs = 1000

function checkSchedule(schedule: ScheduleDefinition, path: string): Diagnostic[] {
  if ('everyMs' in schedule) {
    if (schedule.everyMs >= shortestMs) return []
    return [wrong('everyMs', `${path}.every must be at least 1s, got ${schedule.everyMs} ms.`)]
  }
  const {cron, timezone} = schedule
  const known = isTimezone(timezone)
  return [...checkCron(cron, known ? timezone : 'UTC', path), ...(known ? [] : [unknownTimezone(timezone, path)])]
}

function unknownTimezone(name: string, path: string): Diagnostic {
  const suggestion = didYouMean(name, Intl.supportedValuesOf('timeZone')) ?? 'write a name like Europe/Berlin, or UTC'
  return wrong('timezone', `${path}.timezone: '${name}' is not the name of a time zone.`, suggestion)
}

function checkCron(cron: string, timezone: string, path: string): Diagnostic[] {
  const reason = cronProblem(cron, timezone)
  if (reason === undefined) return []
  const suggestion = "write minute, hour, day, month and weekday, like '0 3 * * *', or @daily"
  return [wrong('cron', `${path}.cron: '${cron}' is not a cron expression: ${reason}.`, suggestion)]
}

/** Why it is none. A date is a pattern too for the parser, and one with a year ends some day. */
function cronProblem(cron: string, timezone: string): string | undefined {
  const fields = cron.split(/\s+/).length
  if (!/^@\w+$/.test(cron) && fields !== 5 && fields !== 6) return `it has ${fields} of 5 or 6 fields`
  try {
    const next = new Cron(cron, {timezone, paused: true}).nextRun()
    return next === null ? 'there is no such day' : undefined
  } catch (error) {
    return messageOf(error)
      .replace(/^Cron\w+: /, '')
      .replace(/\.$/, '')
  }
}

function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return Intl.DateTimeFormat('en', {timeZone: name}).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function wrong(pointer: string, message: string, suggestion?: string): Diagnostic {
  return {
    severity: 'error',
    code: 'CONFIG_INVALID_VALUE',
    message,
    pointer,
    ...(suggestion === undefined ? {} : {suggestion}),
  }
}
