import {abortReason} from '../../base/clock.js'
import {messageOf} from '../../base/errors.js'
import {printable} from '../../base/printable.js'
import type {CommandSpec} from '../../contract/command.js'
import type {ProbeCheck} from '../../contract/probe.js'
import type {ExecResult} from '../../contract/workload.js'
import type {ProbeResult} from '../probe-result.js'

type CommandCheck = Extract<ProbeCheck, {kind: 'command'}>

/** Runs a command to its end, where the service runs or on this host. Kills the whole of it when `signal` aborts. */
export type Exec = (command: CommandSpec, signal: AbortSignal) => Promise<ExecResult>

const excerptLength = 200

/** Healthy when the command ends with code 0. A failure shows the last thing it printed. */
export async function probeCommand(
  check: CommandCheck,
  exec: Exec,
  signal: AbortSignal,
  mask: (text: string) => string = (text) => text,
): Promise<ProbeResult> {
  const shown = `command '${check.program}'`
  try {
    const result = await exec({program: check.program, args: check.args, env: {}}, signal)
    if (signal.aborted) throw abortReason(signal)
    return judge(shown, result, mask)
  } catch (error) {
    if (signal.aborted) throw abortReason(signal)
    return {ok: false, message: `${shown} could not run: ${messageOf(error)}`}
  }
}

function judge(shown: string, {status, stdout, stderr}: ExecResult, mask: (text: string) => string): ProbeResult {
  if (status.by === 'lost') return {ok: false, message: `${shown} was lost: ${status.reason}`}
  const end = status.by === 'code' ? `exited with code ${status.code}` : `was ended by ${status.signal}`
  if (status.by === 'code' && status.code === 0) return {ok: true, message: `${shown} ${end}`}
  const said = lastLine(mask(stderr)) ?? lastLine(mask(stdout))
  return {ok: false, message: `${shown} ${end}${said === undefined ? ', expected 0' : `: ${said}`}`}
}

function lastLine(text: string): string | undefined {
  const line = printable(text.trimEnd().split('\n').at(-1) ?? '').trim()
  return line === '' ? undefined : line.slice(0, excerptLength)
}
