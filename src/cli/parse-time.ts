import {isDay} from '../core/base/clock.js'
import {parseDuration} from '../core/base/duration.js'
import {HarnessError} from '../core/base/errors.js'

/** A moment: `10m` ago, `12:30` of today, `2026-01-31`, `2026-01-31T12:30:00` in local time or with a zone. Milliseconds since the epoch. */
export function parseTime(flag: string, text: string, now: number): number {
  const time = ago(text, now) ?? ofToday(text, now) ?? dated(text)
  if (time !== undefined) return time
  throw new HarnessError('USAGE', {
    subject: `${flag} ${text}`,
    reason: 'expected how long ago, like 10m, or a time, like 12:30 or 2026-01-31T12:30',
    hint: `Write ${flag} 10m, or ${flag} 2026-01-31T12:30.`,
  })
}

function ago(text: string, now: number): number | undefined {
  const duration = /[a-z]/.test(text) ? parseDuration(text) : undefined
  return duration === undefined ? undefined : now - duration
}

function ofToday(text: string, now: number): number | undefined {
  const [, hours, minutes, seconds = '0'] = /^(\d\d?):(\d\d)(?::(\d\d))?$/.exec(text) ?? []
  const parts = [hours, minutes, seconds].map(Number)
  const [hour = NaN, minute = NaN, second = NaN] = parts
  return hour < 24 && minute < 60 && second < 60 ? new Date(now).setHours(hour, minute, second, 0) : undefined
}

function dated(text: string): number | undefined {
  const [, day, clock = '00:00'] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d.*))?$/.exec(text) ?? []
  // A date alone would be taken for midnight in UTC.
  const time = day !== undefined && isDay(day) ? Date.parse(`${day}T${clock}`) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}
