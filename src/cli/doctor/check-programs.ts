import {systemClock} from '../../core/base/clock.js'
import {withDeadline} from '../../core/base/deadline.js'
import type {ExecResult} from '../../core/contract/workload.js'
import {runCommand} from '../../core/process/run-command.js'
import {ok, warning, type Verdict} from './finding.js'

const patienceMs = 5000

/** The engine that containers run on. */
export async function checkDocker(): Promise<readonly Verdict[]> {
  const {code, said, missing} = await run('docker', ['version', '--format', '{{.Server.Version}}'])
  if (missing)
    return [warning('not installed: services in containers cannot run', 'See https://docs.docker.com/engine/install')]
  if (code === 0) return [ok(`engine ${said}`)]
  if (/permission denied/i.test(said)) {
    return [warning('this user may not speak with the engine', 'sudo usermod -aG docker "$USER"  (then log in again)')]
  }
  return [warning(`the engine does not answer: ${said}`, 'sudo systemctl start docker')]
}

/** What remote services are reached with. */
export async function checkSsh(): Promise<readonly Verdict[]> {
  const {code, said, missing} = await run('ssh', ['-V'])
  if (missing)
    return [
      warning("the program 'ssh' is missing: keys and hosts cannot be tried by hand", 'apt-get install openssh-client'),
    ]
  if (code !== 0) return [warning(`ssh -V failed: ${said}`)]
  return [ok(`${said}, ${process.env['SSH_AUTH_SOCK'] ? 'with an agent' : 'without an agent'}`)]
}

interface Said {
  readonly code: number | null
  /** The first line that it printed. */
  readonly said: string
  readonly missing: boolean
}

async function run(program: string, args: readonly string[]): Promise<Said> {
  try {
    const {status, stdout, stderr} = await withDeadline(
      (signal) => runCommand({program, args, env: ownEnvironment(), cwd: '/'}, signal),
      {clock: systemClock, ms: patienceMs, onTimeout: () => new Error(`it has not ended after ${patienceMs / 1000} s`)},
    )
    const [said = ''] = `${stdout.trim()}\n${stderr.trim()}`
      .trim()
      .split('\n')
      .filter((line) => line !== '')
    return {code: codeOf(status), said, missing: codeOf(status) === 127}
  } catch (error) {
    return {code: null, said: error instanceof Error ? error.message : String(error), missing: false}
  }
}

function codeOf(status: ExecResult['status']): number | null {
  return status.by === 'code' ? status.code : null
}

function ownEnvironment(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
