import type {LogLine, ParamsOf} from '@service-harness/cli/plugin'
import {refused} from './check-arguments.js'
import {LastLines} from './last-lines.js'
import type {MethodToolOptions} from './method-tool.js'
import type {Tool} from './tool.js'

const usual = {tail: 100, maxBytes: 32_768}
const most = {tail: 10_000, maxBytes: 1_048_576}

/** The last lines that services have printed: never more than an agent can read. */
export function logsTool({lent: {client}, scope, make}: MethodToolOptions): Tool {
  return make('logs.read', {
    description:
      'The last lines that services and tasks have printed, in the order of their time. `omitted` counts older ones that `maxBytes` left out.',
    annotations: {readOnlyHint: true},
    without: ['follow', 'after', 'tail'],
    hasOwnOutput: true,
    defaults: {services: [], attempts: 'last'},
    about: {services: 'Services and tasks; all when none is named.', attempts: 'Of the last start of each, or of all.'},
    more: {
      tail: bounded('How many of the last lines.', 'tail'),
      maxBytes: bounded('How many bytes of text at most; the newest lines count.', 'maxBytes'),
    },
    async run({tail, maxBytes, ...args}, {signal}) {
      const lines = new LastLines(limit('maxBytes', maxBytes))
      const range = {attempts: 'last' as const, ...(args as Partial<ParamsOf<'logs.read'>>)}
      const params = {...range, stack: scope.stackOf(args), tail: limit('tail', tail), follow: false}
      await client.logs.read(params, {
        signal,
        onLog(some) {
          some.forEach((line) => {
            lines.add(line)
          })
        },
      })
      return {
        value: {lines: lines.all.map(shown), omitted: lines.omitted},
        text: lines.all.map(({time, service, text}) => `${time} ${service} | ${text}`).join('\n'),
      }
    },
  })
}

function bounded(description: string, name: keyof typeof most) {
  return {type: 'integer', minimum: 1, maximum: most[name], default: usual[name], description}
}

function limit(name: keyof typeof most, given: unknown): number {
  if (given === undefined) return usual[name]
  const fits = typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= most[name]
  if (fits) return given
  throw refused('logs_read', `expected '${name}' to be a whole number from 1 to ${most[name]}`)
}

function shown({time, service, stream, attempt, text, gap}: LogLine) {
  return {time, service, stream, attempt, text, ...(gap && {gap})}
}
