import {HarnessError, isHarnessError} from '../../core/base/errors.js'
import {Lifetime} from '../../core/base/lifetime.js'
import {printable} from '../../core/base/printable.js'
import type {Client} from '../../core/client/client.js'
import type {SessionEnd} from '../../core/contract/status.js'
import type {StackChoiceFlags} from '../flags.js'
import {onSignals, signalExits, type EndSignal} from '../signals.js'
import type {Host} from '../with-daemon.js'
import {withRunningService} from '../with-running-service.js'
import {typeInto} from './type-into.js'
import {feedInput} from './feed-input.js'
import {rawKeyboard} from './keyboard.js'
import {writeOut} from './write-out.js'

export interface AttachWish {
  readonly choice: StackChoiceFlags
  readonly service: string
  /** What is typed or piped here goes to the service. */
  readonly stdin: boolean
  /** Lines of each stream to begin with. */
  readonly tail: number
}

/** `harness attach`: answers the exit code, which is the one of the service when it ends. */
export async function attachService(host: Host, wish: AttachWish): Promise<number> {
  return withRunningService(host, wish, async (client, stack) => {
    const leave = new AbortController()
    let by: EndSignal | undefined
    const left = new HarnessError('CANCELLED', {subject: 'attach'})
    const abort = (): void => {
      leave.abort(left)
    }
    using _signals = onSignals(['SIGHUP', 'SIGINT', 'SIGTERM'], (signal) => {
      by ??= signal
      abort()
    })
    const attaching = {host, client, stack, left: leave.signal, leave: abort}
    try {
      const end = await withOrWithoutInput(attaching, wish)
      return end ? tellEnd(end, host, wish) : 0
    } catch (error) {
      if (!leave.signal.aborted) throw error
      host.terminal.note(`Left '${wish.service}', which runs on.`)
      return by ? signalExits[by] : 0
    }
  })
}

interface Attaching {
  readonly host: Host
  readonly client: Client
  readonly stack: string
  readonly leave: () => void
  readonly left: AbortSignal
}

/** Whoever pipes something must know that it does not arrive; somebody at a terminal may want to see the output all the same. */
async function withOrWithoutInput(attaching: Attaching, wish: AttachWish): Promise<SessionEnd | null> {
  try {
    return await run(attaching, wish)
  } catch (error) {
    const isMissing = isHarnessError(error) && error.code === 'SERVICE_NO_INPUT'
    if (!isMissing || !process.stdin.isTTY) throw error
    attaching.host.terminal.note(printable(`${error.message} ${error.hint}`))
    return run(attaching, {...wish, stdin: false})
  }
}

async function run({host, client, stack, leave, left}: Attaching, wish: AttachWish): Promise<SessionEnd | null> {
  const {service, stdin, tail} = wish
  await using lifetime = new Lifetime()
  const onOpen = (): void => {
    if (!process.stdin.isTTY) {
      if (stdin) lifetime.use(feedInput(true, call))
      return
    }
    lifetime.use(rawKeyboard(true))
    lifetime.use(typeInto(stdin ? call : undefined, leave))
    host.terminal.note(`Attached to '${service}'. Ctrl-P Ctrl-Q leaves it, and it runs on.`)
  }
  const params = {stack, service, stdin, tail}
  const call = client.open('service.attach', params, {signal: left, onOpen, onOutput: writeOut})
  return await call.result
}

function tellEnd({exitCode, signal, reason}: SessionEnd, {terminal}: Host, {service}: AttachWish): number {
  const how = signal === null ? `exit ${exitCode ?? 'unknown'}` : `killed by ${signal}`
  terminal.note(printable(`'${service}' has ended: ${reason ?? how}.`))
  return exitCode ?? 1
}
