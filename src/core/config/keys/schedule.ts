import {exactlyOneOf, notBoth} from './rules.js'
import {choice, duration, text} from './shapes.js'
import type {MapTable} from './table.js'

export const scheduleTable: MapTable<'schedule'> = {
  title: 'A schedule',
  about: 'When a task runs by itself: `cron` or `every`.',
  keys: {
    cron: {
      description: 'Five or six fields (seconds first), or `@daily` and the like.',
      value: {...text, shown: 'cron expression'},
      example: '0 3 * * *',
    },
    every: {description: 'The time from one run to the next.', value: duration, example: '10m'},
    timezone: {
      description: "For `cron`: a name of the IANA time zone database; left out, this machine's.",
      value: text,
      example: 'Europe/Berlin',
    },
    overlap: {
      description: 'When the run before still goes on: `skip` leaves this one out, `queue` begins it afterwards.',
      value: choice(['skip', 'queue']),
      default: 'skip',
      example: 'queue',
    },
  },
  rules: [exactlyOneOf('cron', 'every'), notBoth('every', 'timezone')],
}
