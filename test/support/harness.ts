import {execFile, spawn, type ChildProcess} from 'node:child_process'
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {systemClock} from '../../src/core/base/clock.js'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const bin = path.join(root, 'bin', 'run.js')

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The real command line with a state directory and a folder of its own. Disposing it ends everything that it started. */
export class Sandbox implements AsyncDisposable {
  /** Set for the commands that follow. */
  variables: NodeJS.ProcessEnv = {}
  /** What is run as `harness`. */
  command = bin

  private constructor(
    readonly folder: string,
    readonly state: string,
  ) {}

  static async make(): Promise<Sandbox> {
    const base = await mkdtemp(path.join(tmpdir(), 'harness-e2e-'))
    const sandbox = new Sandbox(path.join(base, 'stack'), path.join(base, 'state'))
    await import('node:fs/promises').then(({mkdir}) => mkdir(sandbox.folder))
    return sandbox
  }

  get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      HARNESS_STATE_DIR: this.state,
      NO_COLOR: '1',
      HARNESS_NO_USER_PLUGINS: '1',
      ...this.variables,
    }
  }

  /** Writes harness.yaml (or another file) into the folder. */
  async write(content: string, name = 'harness.yaml'): Promise<string> {
    const file = path.join(this.folder, name)
    await writeFile(file, content)
    return file
  }

  run(...args: readonly string[]): Promise<Ran> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [this.command, ...args],
        {cwd: this.folder, env: this.env, maxBuffer: 64 * 1024 * 1024},
        (error, stdout, stderr) => {
          const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0
          resolve({code, stdout, stderr})
        },
      )
    })
  }

  /** Starts a command and does not wait for its end. */
  begin(...args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [this.command, ...args], {cwd: this.folder, env: this.env, stdio: 'ignore'})
  }

  async json<T>(...args: readonly string[]): Promise<T> {
    const {stdout, stderr, code} = await this.run(...args, '--json')
    try {
      return JSON.parse(stdout) as T
    } catch {
      throw new Error(`harness ${args.join(' ')} (exit ${code}) printed no JSON: ${stdout}\n${stderr}`)
    }
  }

  /** The pid of the daemon that the info file names. */
  async daemonPid(): Promise<number> {
    const info = JSON.parse(await readFile(path.join(this.state, 'daemon.json'), 'utf8')) as {pid: number}
    return info.pid
  }

  async killDaemon(): Promise<number> {
    const pid = await this.daemonPid()
    process.kill(pid, 'SIGKILL')
    await until(async () => !(await isAlive(pid)), 'the daemon is dead')
    return pid
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.killDaemon().catch(() => undefined)
    // A start that was under way brings another one after a look.
    for (let left = await this.processes(); left.length > 0; left = await this.processes()) {
      left.forEach(kill)
    }
    await rm(path.dirname(this.state), {recursive: true, force: true, maxRetries: 3})
  }

  /** Every process whose command line or environment names this sandbox's folders: services, shims, daemons. */
  async processes(): Promise<readonly number[]> {
    return processesNaming(path.dirname(this.state))
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended meanwhile.
  }
}

/** Processes whose command line or environment contains the text; this one is left out. */
export async function processesNaming(text: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const parts = await Promise.all(
        ['cmdline', 'environ'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
      )
      return pid !== process.pid && parts.join('\0').includes(text) && (await isAlive(pid)) ? [pid] : []
    }),
  )
  return found.flat()
}

/** Neither gone nor a zombie. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat !== '' && !/^\d+ \(.*\) [ZX]/s.test(stat)
}

/** Polls until something holds; fails with its name after `ms`. */
export async function until(holds: () => Promise<boolean> | boolean, name: string, ms = 15_000): Promise<void> {
  const end = systemClock.monotonic() + ms
  while (!(await holds())) {
    if (systemClock.monotonic() > end) throw new Error(`Waited ${ms} ms in vain: ${name}.`)
    await systemClock.sleep(25)
  }
}
