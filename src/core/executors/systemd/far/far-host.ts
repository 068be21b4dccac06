import type {CommandSpec} from '../../../contract/command.js'
import type {LayerUse} from '../../../contract/layer.js'
import type {LayerTools} from '../../../contract/services.js'
import type {ExecResult} from '../../../contract/workload.js'
import type {SystemdHost} from '../systemd-host.js'

export interface Way {
  readonly layers: readonly LayerUse[]
  /** For the client that leads there. */
  readonly env: Readonly<Record<string, string>>
}

/** The machine that layers lead to: each command is one of this machine that has it run there. */
export function farHost(
  {layers, env}: Way,
  {local, tools}: {readonly local: SystemdHost; readonly tools: LayerTools},
): SystemdHost {
  const led = (command: CommandSpec, script: string): CommandSpec => {
    const {program, args} = command
    const wrapped = tools.wrap({...command, program: 'sh', args: ['-c', script, 'sh', program, ...args]}, layers)
    return {...wrapped, env: {...env, ...wrapped.env}}
  }
  return {
    run: async (command, signal) => readEnd(await local.run(led(command, told), signal)),
    follow: (command, signal) => local.follow(led(command, followed), signal),
  }
}

/** A login that no session of systemd belongs to has no word of where the user's manager is. */
const prepared = [
  'if [ -z "${XDG_RUNTIME_DIR-}" ] && [ -d "/run/user/$(id -u)" ]; then',
  'XDG_RUNTIME_DIR=/run/user/$(id -u)',
  'export XDG_RUNTIME_DIR',
  'fi',
].join('\n')

const followed = `${prepared}\nexec "$@"`
const told = `${prepared}\n"$@"\nprintf '\\nended %s\\n' "$?"`

/**
 * The answer of the command there, and not of what leads to it: only the command itself is followed by its exit code. Without that nobody knows what
 * was done there, and the manager does not answer.
 */
function readEnd(result: ExecResult): ExecResult {
  const {stdout, stderr} = result
  const end = /\nended (\d+)\n$/.exec(stdout)
  const code = Number(end?.[1] ?? 255)
  const reason = wordsOf(stderr)
  if (end === null) return {...result, status: {by: 'code', code, startFailure: reason}}
  return {
    status: {by: 'code', code, ...(code === 127 && {startFailure: reason})},
    stdout: stdout.slice(0, end.index),
    stderr,
  }
}

/** Its last two lines: `ssh` says why in the first of them, and that it has failed in the second. */
function wordsOf(stderr: string): string {
  const lines = stderr.split(/[\r\n]+/).map((line) => line.trim().replace(/\.$/, ''))
  const said = lines.filter((line) => line !== '').slice(-2)
  return said.length === 0 ? 'the connection was lost' : said.join('; ')
}
