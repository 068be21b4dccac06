import {anySignal} from '../base/any-signal.js'
import {abortReason, longestTimerMs, type Clock} from '../base/clock.js'
import {withDeadline} from '../base/deadline.js'
import {formatDuration} from '../base/duration.js'
import {HarnessError, isHarnessError, messageOf} from '../base/errors.js'
import type {Json} from '../base/json.js'
import type {Log} from '../base/log.js'
import type {Action} from '../contract/action.js'
import type {ServiceContext} from '../contract/service-type.js'
import {liveWorkload} from '../service/live-workload.js'
import type {ServiceSupervisor} from '../service/supervisor.js'
import {ofWhom} from '../plugin/facade.js'
import {eventGate, fitJson} from './fit-json.js'

export interface ActionEvents {
  /** In the form of the action's type. */
  readonly onEvent: (event: Json) => void
  /** One line about how it gets on. */
  readonly onMessage: (message: string) => void
}

export interface ActionRun extends ActionEvents {
  /** Service and action, for messages. */
  readonly subject: string
  readonly service: ServiceSupervisor
  readonly action: Action<ServiceContext<unknown>>
  readonly input: Json
  readonly timeoutMs?: number
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly log: Log
}

/** Runs an action on what runs of a service. It is over with the first of: its answer, its time, its caller, its service. */
export async function runAction(run: ActionRun): Promise<Json> {
  const {subject, service, signal, clock, timeoutMs = longestTimerMs} = run
  liveWorkload(service)
  using gone = goneSignal(service)
  using either = anySignal(signal, gone.signal)
  const onTimeout = (): Error => failed(subject, `it took longer than ${formatDuration(timeoutMs)}`)
  return await withDeadline((limit) => answer(run, limit), {clock, ms: timeoutMs, onTimeout, signal: either.signal})
}

async function answer(run: ActionRun, signal: AbortSignal): Promise<Json> {
  const {subject, service, action, input, log} = run
  if (signal.aborted) throw abortReason(signal)
  const whileOpen =
    <T>(tell: (said: T) => void) =>
    (said: T): void => {
      if (!over && !signal.aborted) tell(said)
    }
  const gate = eventGate(action.event, (problem) => {
    log.warn('an action emits what is not its event; such events are dropped', {
      action: subject + ofWhom(action),
      problem,
    })
  })
  let over = false
  const emit = whileOpen((given: unknown) => {
    const event = gate(given)
    if (event !== undefined) run.onEvent(event)
  })
  try {
    const context = service.context(liveWorkload(service), {
      signal,
      progress: whileOpen((message: unknown) => {
        run.onMessage(messageOf(message))
      }),
      failed: (reason) => failed(subject, reason),
    })
    return checkedOutput(run, await action.run(input, {...context, emit}))
  } catch (error) {
    throw asFailure(subject, error)
  } finally {
    over = true
  }
}

function checkedOutput({subject, action}: ActionRun, answered: unknown): Json {
  const checked = fitJson(action.output, answered)
  if ('value' in checked) return checked.value
  throw failed(subject, `it answered with what is not its output: ${checked.problem}${ofWhom(action)}`)
}

/** Aborts with SERVICE_NOT_RUNNING when the workload that runs now is gone. */
function goneSignal({gone, name}: ServiceSupervisor): Disposable & {readonly signal: AbortSignal} {
  const controller = new AbortController()
  const tell = (): void => {
    controller.abort(new HarnessError('SERVICE_NOT_RUNNING', {subject: name, reason: 'it ended while the action ran'}))
  }
  gone.addEventListener('abort', tell, {once: true})
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      gone.removeEventListener('abort', tell)
    },
  }
}

/** What an action throws is its failure, whatever it is, and whatever it says that it is about. */
function asFailure(subject: string, error: unknown): HarnessError {
  if (!isHarnessError(error)) return failed(subject, messageOf(error).replace(/\.$/, ''), {cause: error})
  if (error.code === 'ACTION_FAILED' && error.subject === subject) return error
  return failed(subject, (error.reason ?? error.message).replace(/\.$/, ''), {hint: error.hint, cause: error})
}

function failed(
  subject: string,
  reason: string,
  more: {readonly hint?: string; readonly cause?: unknown} = {},
): HarnessError {
  return new HarnessError('ACTION_FAILED', {subject, reason, ...more})
}
