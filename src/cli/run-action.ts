import {text as textOf} from 'node:stream/consumers'
import {knownAction} from '../core/base/action-name.js'
import {HarnessError} from '../core/base/errors.js'
import {newId} from '../core/base/ids.js'
import {jsonText, type Json, type JsonSchema} from '../core/base/json.js'
import {printable} from '../core/base/printable.js'
import type {Client} from '../core/client/client.js'
import type {Progress} from '../core/protocol/notifications.js'
import {actionInput, parseInput, parseParams} from './action-input.js'
import type {StackChoiceFlags} from './flags.js'
import {withLineErrors} from './line-errors.js'
import {interrupted, interruptedExit, interruptible} from './interruptible.js'
import type {Terminal} from './terminal.js'
import {withRunningService} from './with-running-service.js'
import type {Host} from './with-daemon.js'

export interface ActionWish {
  readonly choice: StackChoiceFlags
  readonly service: string
  readonly action: string
  /** `KEY=VALUE` each. */
  readonly params: readonly string[]
  /** JSON, or `-` for standard input. */
  readonly input: string | undefined
  readonly timeoutMs?: number
}

/** `harness action run`: answers the exit code. */
export function runAction(host: Host, wish: ActionWish): Promise<number> {
  return withLineErrors(host.terminal, () => run(host, wish))
}

async function run(host: Host, wish: ActionWish): Promise<number> {
  const {terminal} = host
  const params = parseParams(wish.params)
  const text = wish.input === '-' ? await textOf(process.stdin) : wish.input
  const input = text === undefined ? undefined : parseInput(text)
  return withRunningService(host, wish, async (client, stack) => {
    const {service, timeoutMs} = wish
    const {name: action, input: schema} = await describedAction(client, {stack, service, action: wish.action})
    const given = await actionInput({input, params}, schema)
    const asked = {
      stack,
      service,
      action,
      input: given,
      requestId: newId(),
      ...(timeoutMs !== undefined && {timeoutMs}),
    }
    const end = await interruptible((signal) =>
      client.call('action.invoke', asked, {
        signal,
        onProgress: (progress) => {
          show(terminal, progress)
        },
      }),
    )
    if (end === interrupted) {
      terminal.warn(`The daemon cancels '${action}' of service '${service}'. What it has done by then stays done.`)
      return interruptedExit
    }
    if (terminal.json) terminal.data({output: end.output}, 'line')
    else if (end.output !== null) terminal.out(shown(end.output))
    if (end.lostEvents > 0) terminal.warn(`${end.lostEvents} events were lost: they came faster than they were read.`)
    return 0
  })
}

async function describedAction(
  client: Client,
  {stack, service, action}: {readonly stack: string; readonly service: string; readonly action: string},
): Promise<{readonly name: string; readonly input: JsonSchema<unknown>}> {
  const {actions} = await client.call('action.list', {stack, service})
  const names = actions.map(({name}) => name)
  const known = knownAction(names, action)
  const found = actions.find(({name}) => name === known)
  if (found) return found
  const listed = [...new Set(names)].join(', ')
  const reason = listed === '' ? `service '${service}' has none` : `service '${service}' has ${listed}`
  throw new HarnessError('ACTION_UNKNOWN', {subject: action, reason})
}

function show(terminal: Terminal, progress: Progress): void {
  if ('message' in progress) terminal.note(printable(progress.message))
  else if (!('event' in progress)) return
  else if (terminal.json) terminal.data({event: progress.event}, 'line')
  else terminal.out(shown(progress.event))
}

/** A text as it is, anything else as JSON; harmless for a terminal. */
function shown(value: Json): string {
  return typeof value === 'string'
    ? value
        .split('\n')
        .map((line) => printable(line))
        .join('\n')
    : jsonText(value)
}
