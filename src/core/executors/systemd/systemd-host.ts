import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync} from 'node:fs'
import type {CommandSpec} from '../../contract/command.js'
import type {ExecResult} from '../../contract/workload.js'
import {runCommand} from '../../process/run-command.js'

/**
 * The machine whose systemd is driven: all that this executor does to a manager are commands of `systemctl`, `systemd-run` and `journalctl`, and
 * they go through here. Another machine's is another implementation.
 */
export interface SystemdHost {
  /** Runs a command to its end. A program that is not there answers with 127. */
  run(command: CommandSpec, signal: AbortSignal): Promise<ExecResult>
  /** Runs a command and yields what it prints, until it ends or the signal aborts. Rejects when it cannot be run or fails. */
  follow(command: CommandSpec, signal: AbortSignal): AsyncIterable<Uint8Array>
}

export function localSystemdHost(): SystemdHost {
  return {
    run: (command, signal) => runCommand({...command, env: {...localEnvironment(), ...command.env}}, signal),
    follow: (command, signal) => followCommand({...command, env: {...localEnvironment(), ...command.env}}, signal),
  }
}

/** A daemon that was not started from a login has no word of where the user's manager is. */
function localEnvironment(): Readonly<Record<string, string>> {
  const given = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  const usual = `/run/user/${process.getuid?.() ?? 0}`
  return {...(existsSync(usual) && {XDG_RUNTIME_DIR: usual}), ...(Object.fromEntries(given) as Record<string, string>)}
}

/** Meanwhile, which the compiler does not see. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}

/**
 * One with a lead is fed that, and its input is held open after it. It may have clients of its own: all of its group end together. One that did not end well
 * rejects: what it has printed is not all that there is.
 */
async function* followCommand(command: CommandSpec, signal: AbortSignal): AsyncIterable<Uint8Array> {
  if (signal.aborted) return
  const {program, args, env, cwd, lead} = command
  const child = spawn(program, args, {env, detached: true, stdio: 'pipe', ...(cwd !== undefined && {cwd})})
  // First of all: without descriptors the child has no streams, and its error nobody else who listens.
  const end = once(child, 'exit')
  end.catch(() => undefined)
  child.stdin.on('error', () => undefined)
  if (lead === undefined) child.stdin.end()
  else child.stdin.write(lead)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)))
  const kill = (): void => {
    killGroup(child.pid)
    child.stdout.destroy()
  }
  signal.addEventListener('abort', kill, {once: true})
  try {
    for await (const chunk of child.stdout) yield chunk as Uint8Array
    const [code] = (await end) as [number | null]
    if (code !== 0) throw new Error(said.trim() || `'${program}' ended with ${code}`)
  } catch (error) {
    if (!isAborted(signal)) throw error
  } finally {
    signal.removeEventListener('abort', kill)
    kill()
  }
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}
