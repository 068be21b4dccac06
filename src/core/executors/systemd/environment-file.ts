import {HarnessError} from '../../base/errors.js'

/** Set by systemd for what it runs; `ExecStopPost` is told by them how the unit ended, and a file of variables would be laid over them. */
const ofSystemd = new Set(['EXIT_CODE', 'EXIT_STATUS', 'INVOCATION_ID', 'MAINPID', 'SERVICE_RESULT'])

/** Those of another unit, in which the daemon or its caller may run: nothing to a service. */
const ofAnotherUnit = [
  ...['JOURNAL_STREAM', 'LISTEN_FDS', 'LISTEN_FDNAMES', 'LISTEN_PID', 'MANAGERPID', 'MEMORY_PRESSURE_WATCH'],
  ...['MEMORY_PRESSURE_WRITE', 'NOTIFY_SOCKET', 'SYSTEMD_EXEC_PID', 'WATCHDOG_PID', 'WATCHDOG_USEC'],
]

/**
 * What can be handed to a unit of what the caller's environment has. systemd takes no control characters in a value and only plain names; what a shell
 * has of those (functions, colours) means nothing to a service.
 */
export function fitInherited(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).filter(([name, value]) => whyNot(name, value) === undefined && !ofAnotherUnit.includes(name)),
  )
}

/** Refuses what the stack file gives and systemd would leave out without a word. */
export function requireFit(env: Readonly<Record<string, string>>, service: string): void {
  for (const [name, value] of Object.entries(env)) {
    const reason = whyNot(name, value)
    if (reason === undefined) continue
    const hint = `Give it another name or value, or run the service as 'type: process'.`
    throw new HarnessError('SERVICE_START_FAILED', {subject: service, reason, hint})
  }
}

/** In the form of `EnvironmentFile`. It is a file because all can read the settings of a unit, and the arguments of a command. */
export function environmentFile(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}="${value.replace(/["\\`$]/g, (sign) => `\\${sign}`)}"\n`)
    .join('')
}

function whyNot(name: string, value: string): string | undefined {
  if (ofSystemd.has(name)) return `the variable '${name}' is systemd's own: it tells by it how a unit ended`
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `systemd takes no variable of the name '${name}'`
  return /[\0-\x08\x0b-\x1f\x7f]/.test(value)
    ? `systemd takes no control characters in a variable, and '${name}' has some`
    : undefined
}
