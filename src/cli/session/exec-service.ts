import {HarnessError} from '../../core/base/errors.js'
import {Lifetime} from '../../core/base/lifetime.js'
import {printable} from '../../core/base/printable.js'
import type {Client} from '../../core/client/client.js'
import type {SessionEnd} from '../../core/contract/status.js'
import type {StackChoiceFlags} from '../flags.js'
import {interruptedExit} from '../interruptible.js'
import {signalExits} from '../signals.js'
import type {Host} from '../with-daemon.js'
import {withRunningService} from '../with-running-service.js'
import {feedInput} from './feed-input.js'
import {forwardSignals, type ForwardedSignals} from './forward-signals.js'
import {followSize, rawKeyboard, terminalSize} from './keyboard.js'
import {writeOut} from './write-out.js'

export interface ExecWish {
  readonly choice: StackChoiceFlags
  readonly service: string
  readonly command: readonly string[]
  /** The command gets a terminal. */
  readonly tty: boolean
  /** It gets what this command is given on standard input. */
  readonly interactive: boolean
  /** Beside those of the service. */
  readonly variables: Readonly<Record<string, string>>
  /** From the service's own; `undefined`: that. */
  readonly workdir: string | undefined
}

/** `harness exec`: answers the exit code, which is the command's own. */
export async function execService(host: Host, wish: ExecWish): Promise<number> {
  return withRunningService(host, wish, async (client, stack) => {
    const taken = new AbortController()
    using signals = forwardSignals(() => {
      taken.abort(new HarnessError('CANCELLED', {subject: wish.command.join(' ')}))
    })
    try {
      return exitOf(await run({client, stack, wish, signals, taken: taken.signal}), host, wish)
    } catch (error) {
      if (!taken.signal.aborted) throw error
      return signals.ended ? signalExits[signals.ended] : interruptedExit
    }
  })
}

interface Run {
  readonly client: Client
  readonly stack: string
  readonly wish: ExecWish
  readonly signals: ForwardedSignals
  readonly taken: AbortSignal
}

async function run({client, stack, wish, signals, taken}: Run): Promise<SessionEnd> {
  const {service, command, tty, interactive, workdir} = wish
  await using lifetime = new Lifetime()
  const onOpen = (): void => {
    lifetime.use(
      signals.to((signal) => {
        call.signal(signal)
      }),
    )
    lifetime.use(
      followSize(tty, (size) => {
        call.resize(size)
      }),
    )
    lifetime.use(rawKeyboard(tty && interactive))
    lifetime.use(feedInput(interactive, call))
  }
  const params = {
    stack,
    service,
    command,
    ...(tty && atTerminal()),
    env: {...(tty && terminalVariables()), ...wish.variables},
    ...(workdir !== undefined && {cwd: workdir}),
  }
  const call = client.open('service.exec', params, {signal: taken, onOpen, onOutput: writeOut})
  return await call.result
}

function atTerminal() {
  const {columns, rows} = terminalSize()
  return {tty: true, cols: columns, rows}
}

function terminalVariables(): Readonly<Record<string, string>> {
  const names = ['TERM', 'COLORTERM'].flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {TERM: 'xterm-256color', ...Object.fromEntries(names)}
}

function exitOf({exitCode, reason}: SessionEnd, {terminal}: Host, {command, service}: ExecWish): number {
  const {bold, red} = terminal.errorStyle
  if (reason !== null) {
    const what = `'${command[0] ?? ''}' cannot be run beside '${service}': ${reason}.`
    terminal.warn(`${bold(red('Error:'))} ${printable(what)}`)
  }
  return exitCode ?? 1
}
