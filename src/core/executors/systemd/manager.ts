import {HarnessError} from '../../base/errors.js'
import type {ExecResult} from '../../contract/workload.js'
import {parseUnits, unitProperties, type UnitState} from './parse-units.js'
import type {Scope} from './scope.js'
import {systemdKind} from './state.js'
import type {SystemdHost} from './systemd-host.js'

/** What one manager of systemd is asked. All calls reject with EXECUTOR_UNAVAILABLE while it does not answer. */
export class Manager {
  constructor(
    readonly host: SystemdHost,
    readonly scope: Scope,
    /** What leads to its machine, in words. Missing: it is of this one. */
    private readonly place?: string,
  ) {}

  /** How units are, in the order asked for. */
  async show(units: readonly string[], signal?: AbortSignal): Promise<readonly UnitState[]> {
    const {stdout} = await this.checked(showing(units), signal)
    const found = parseUnits(stdout)
    if (found.length === units.length) return found
    throw this.unavailable(`it told of ${found.length} units where ${units.length} were asked for`)
  }

  async showOne(unit: string, signal?: AbortSignal): Promise<UnitState> {
    const [state] = await this.show([unit], signal)
    if (!state) throw this.unavailable('it told nothing')
    return state
  }

  /** Looks at units once a second, on their machine, until the signal aborts. `undefined`: the manager did not answer. */
  async *looks(units: readonly string[], signal: AbortSignal): AsyncIterable<readonly UnitState[] | undefined> {
    const words = ['systemctl', ...this.flags, '--no-pager', ...showing(units)]
    const command = {program: 'sh', args: ['-c', lookScript, 'sh', ...words], env: plainOutput}
    const decoder = new TextDecoder()
    let text = ''
    for await (const bytes of this.host.follow(command, signal)) {
      text += decoder.decode(bytes, {stream: true})
      for (let end = looked.exec(text); end !== null; end = looked.exec(text)) {
        const found = parseUnits(text.slice(0, end.index))
        text = text.slice(end.index + end[0].length)
        yield end[1] === '0' && found.length === units.length ? found : undefined
      }
    }
  }

  /** What a script for the shell of its machine prints. */
  async ask(script: string, signal = never()): Promise<string> {
    const result = await this.host.run({program: 'sh', args: ['-c', script], env: plainOutput}, signal)
    if (isSuccess(result)) return result.stdout
    throw this.unavailable(wordsOf(result))
  }

  /** Differs after each start of the manager: what it knew of units that have ended is gone then. */
  async since(signal?: AbortSignal): Promise<string> {
    const {stdout} = await this.checked(['show', '--property=UserspaceTimestampMonotonic'], signal)
    return stdout.trim().split('=')[1] ?? ''
  }

  /** Starts a unit and waits until it has. */
  start(unit: string, signal: AbortSignal): Promise<ExecResult> {
    return this.systemctl(['start', '--', unit], signal)
  }

  /** Asks for the end of a unit, and waits for it when that is wanted. */
  stop(unit: string, {wait}: {readonly wait: boolean}): Promise<ExecResult> {
    return this.systemctl(['stop', ...(wait ? [] : ['--no-block']), '--', unit])
  }

  /** Lets a unit that has failed be forgotten. */
  resetFailed(unit: string): Promise<ExecResult> {
    return this.systemctl(['reset-failed', '--', unit])
  }

  /** Not all versions know it as `--kill-whom`. */
  kill(unit: string, signal: NodeJS.Signals, whom: 'all' | 'main'): Promise<ExecResult> {
    return this.systemctl(['kill', `--kill-who=${whom}`, `--signal=${signal}`, '--', unit])
  }

  /** `systemd-run`, which waits until the unit has started. */
  run(args: readonly string[], signal: AbortSignal): Promise<ExecResult> {
    return this.call('systemd-run', args, signal)
  }

  private systemctl(args: readonly string[], signal?: AbortSignal): Promise<ExecResult> {
    return this.call('systemctl', ['--no-pager', ...args], signal)
  }

  private async checked(args: readonly string[], signal?: AbortSignal): Promise<ExecResult> {
    const result = await this.systemctl(args, signal)
    if (isSuccess(result)) return result
    throw this.unavailable(wordsOf(result))
  }

  private async call(program: string, args: readonly string[], signal = never()): Promise<ExecResult> {
    const result = await this.host.run({program, args: [...this.flags, ...args], env: plainOutput}, signal)
    if (isAway(result)) throw this.unavailable(wordsOf(result))
    return result
  }

  private get flags(): readonly string[] {
    return [`--${this.scope}`, '--no-ask-password']
  }

  private unavailable(reason: string): HarnessError {
    return this.place === undefined ? unavailable(this.scope, reason) : unreachable(this.place, reason)
  }
}

function showing(units: readonly string[]): readonly string[] {
  return ['show', `--property=${unitProperties.join(',')}`, '--', ...units]
}

/** It ends when nobody reads what it prints. */
const lookScript = `while "$@" 2>/dev/null; printf '\\nlooked %s\\n' "$?"; do sleep 1; done`
const looked = /\nlooked (\d+)\n/

/** In English, without colours and pagers. */
export const plainOutput = {LC_ALL: 'C.UTF-8', SYSTEMD_COLORS: '0', SYSTEMD_PAGER: '', SYSTEMD_URLIFY: '0'}

export function isSuccess({status}: ExecResult): boolean {
  return status.by === 'code' && status.code === 0
}

/** What a command said last, without its general advice. */
export function wordsOf({stderr, stdout, status}: ExecResult): string {
  if (status.by === 'code' && status.startFailure !== undefined) return status.startFailure
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim())
  const said = lines.filter((line) => line !== '' && !/^(See |Hint:|Try )/.test(line)).at(-1)
  return (said ?? 'it said nothing').replace(/[.:]$/, '')
}

/** It asks for rights that harness does not have, and nobody is there to type a password. */
export function isRefused(result: ExecResult): boolean {
  return /authentication required|access denied|permission denied|not permitted/i.test(result.stderr)
}

function isAway(result: ExecResult): boolean {
  if (result.status.by === 'code' && result.status.startFailure !== undefined) return true
  return !isSuccess(result) && awayWords.test(result.stderr)
}

const awayWords =
  /Failed to connect to|Failed to get D-Bus connection|not been booted with systemd|Connection (refused|reset|timed out)|Transport endpoint is not connected|Failed to create bus connection|Connection terminated|Remote peer disconnected|Message recipient disconnected/i

function unavailable(scope: Scope, reason: string): HarnessError {
  return new HarnessError('EXECUTOR_UNAVAILABLE', {
    subject: systemdKind,
    reason: `the ${scope} manager of systemd does not answer: ${reason}`,
    hint:
      scope === 'user'
        ? 'See `systemctl --user status`. It runs while its user is logged in, or always after `loginctl enable-linger`.'
        : 'See `systemctl status`. Where systemd is not the first process of the machine there is none.',
  })
}

function unreachable(place: string, reason: string): HarnessError {
  return new HarnessError('EXECUTOR_UNAVAILABLE', {
    subject: systemdKind,
    reason: `the systemd that '${place}' leads to does not answer: ${reason}`,
    hint: `See that '${place}' leads there by itself, without a question to anybody, and that systemd runs there.`,
  })
}

function never(): AbortSignal {
  return new AbortController().signal
}
