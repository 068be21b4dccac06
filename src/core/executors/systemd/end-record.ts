import {readFileSync, writeFileSync} from 'node:fs'
import {constants} from 'node:os'
import {systemCode} from '../../base/errors.js'
import type {ExitStatus} from '../../contract/command.js'
import {signalName} from '../../process/exit-status.js'
import type {RunPaths} from '../../process/run-directory.js'
import type {UnitState} from './parse-units.js'

/** How the program of a unit ended, in systemd's own words. */
export interface EndRecord {
  /** Of which start of the unit. */
  readonly invocation: string
  /** `success`, `exit-code`, `signal`, `oom-kill`, … */
  readonly result: string
  /** `exited`, `killed` or `dumped`; `-` when the program never ran. */
  readonly kind: string
  /** An exit code, or a signal without `SIG`. */
  readonly value: string
  /** In seconds since boot. */
  readonly uptime: number
}

/**
 * What systemd runs when all of the unit has ended (`ExecStopPost`), with or without a daemon: it writes how over the room that the file `exit` was made
 * with, at one stroke, so that a full disk does not lose it. The shell does it alone; the program's environment may name no other programs.
 */
export const recordScript = [
  'read -r up rest </proc/uptime',
  `printf 'ended %s %s %s %s %s\\n' "\${INVOCATION_ID:--}" "\${SERVICE_RESULT:--}" "\${EXIT_CODE:--}" "\${EXIT_STATUS:--}" "$up" 1<>"\${0%/*}/exit"`,
  '',
].join('\n')

/** `undefined`: nothing is written yet. */
export function readEnd(paths: RunPaths): EndRecord | undefined {
  let text
  try {
    text = readFileSync(paths.exit, 'latin1')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
  const [word, invocation, result, kind, value, uptime, more] = text
    .slice(0, Math.max(text.indexOf('\n'), 0))
    .split(' ')
  if (word !== 'ended' || uptime === undefined || more !== undefined) return undefined
  return {
    invocation: invocation ?? '',
    result: result ?? '',
    kind: kind ?? '',
    value: value ?? '',
    uptime: Number(uptime),
  }
}

/** Writes down what systemd remembers, before it is made to forget it. */
export function writeEnd(paths: RunPaths, {result, exitKind, exitValue, invocation}: UnitState, uptime: number): void {
  const signal = signalName(exitValue)?.slice('SIG'.length)
  const how =
    exitKind === 2 || exitKind === 3 ? `killed ${signal ?? '-'}` : exitKind === 1 ? `exited ${exitValue}` : '- -'
  writeFileSync(paths.exit, `ended ${invocation || '-'} ${result} ${how} ${uptime}\n`, {mode: 0o600})
}

export function statusOfRecord({result, kind, value}: EndRecord): ExitStatus {
  const reason = reasons[result]
  if (kind === 'exited') return {by: 'code', code: Number(value), ...(reason !== undefined && {reason})}
  const signal = `SIG${value}`
  if (isSignal(signal)) return {by: 'signal', signal, ...(reason !== undefined && {reason})}
  return {by: 'lost', reason: `systemd says no more than '${result}'`}
}

/** What systemd still knows of a unit that is not up; `undefined` when it has forgotten. */
export function statusOfUnit({active, result, exitKind, exitValue}: UnitState): ExitStatus | undefined {
  const reason = reasons[result]
  if (exitKind === 1) return {by: 'code', code: exitValue, ...(reason !== undefined && {reason})}
  const signal = exitKind === 0 ? undefined : signalName(exitValue)
  if (signal !== undefined) return {by: 'signal', signal, ...(reason !== undefined && {reason})}
  return active === 'failed' ? {by: 'lost', reason: `systemd says no more than '${result}'`} : undefined
}

/** Results that say more than the exit code or signal that comes with them. */
const reasons: Readonly<Record<string, string>> = {
  'oom-kill': 'one of its processes wanted more memory than there was for it',
  'start-limit-hit': 'systemd has started it too often in a short time',
  timeout: 'systemd waited for it in vain',
  watchdog: 'it did not answer the watchdog of systemd',
}

/** Exit codes that systemd gives to what it does on the way to the program. */
export function isBeforeProgram(code: number): boolean {
  return code >= 200 && code <= 245
}

function isSignal(name: string): name is NodeJS.Signals {
  return Object.hasOwn(constants.signals, name)
}
