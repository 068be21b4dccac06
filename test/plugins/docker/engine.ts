import {execFile, spawn, type ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdtempSync, rmSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {promisify} from 'node:util'
import {eventually} from '../../core/process/temporary.js'
import {bin, Sandbox} from '../../support/harness.js'

const run = promisify(execFile)

/** This machine, and this user, can run an engine. */
export function hasDocker(): boolean {
  const folders = (process.env['PATH'] ?? '').split(':')
  const isThere = (program: string): boolean => folders.some((folder) => existsSync(path.join(folder, program)))
  return process.getuid?.() === 0 && ['dockerd', 'docker', 'busybox'].every(isThere)
}

/**
 * A container engine of the tests' own, in a network of its own, from which nothing can be fetched: no other engine, port or rule of the machine is
 * in its way, and nothing of it is left there. What is to reach its ports runs `inside`.
 */
export class TestEngine {
  private constructor(
    readonly folder: string,
    private daemon: ChildProcess,
    private readonly network: Network,
    private readonly options: readonly string[],
  ) {}

  /** `options`: more of them for `dockerd`, made for its folder. */
  static async start(options?: (folder: string) => Promise<readonly string[]>): Promise<TestEngine> {
    const folder = mkdtempSync(path.join(tmpdir(), 'harness-docker-'))
    const more = (await options?.(folder)) ?? []
    const network = await openNetwork()
    const engine = new TestEngine(folder, launch(folder, network, more), network, more)
    await engine.ready()
    return engine
  }

  /** The command line, with this engine, and in its network. Dispose it before the engine stops. */
  async sandbox(): Promise<Sandbox> {
    const sandbox = await Sandbox.make()
    sandbox.variables = {DOCKER_HOST: this.host}
    const command = path.join(this.folder, 'harness.mjs')
    const [program = '', ...args] = this.inside(process.execPath, bin)
    writeFileSync(command, wrapper(program, args))
    sandbox.command = command
    return sandbox
  }

  /** A command, as it is run in the network of the engine. */
  inside(...command: readonly string[]): readonly string[] {
    return [...this.network.enter, ...command]
  }

  async runInside(...command: readonly string[]): Promise<string> {
    const [program = '', ...args] = this.inside(...command)
    return (await run(program, args)).stdout
  }

  get host(): string {
    return `unix://${path.join(this.folder, 'docker.sock')}`
  }

  /** Runs the `docker` program, as a user would. */
  async docker(...args: readonly string[]): Promise<string> {
    const {stdout} = await run('docker', [...args], {env: {...process.env, DOCKER_HOST: this.host}})
    return stdout.trim()
  }

  /** What it has of the output of a container. */
  async outputOf(container: string): Promise<{readonly stdout: string; readonly stderr: string}> {
    return await run('docker', ['logs', container], {env: {...process.env, DOCKER_HOST: this.host}})
  }

  /** An image with nothing in it but busybox. */
  async importBusybox(name = 'busybox:local'): Promise<void> {
    const root = path.join(this.folder, 'busybox')
    mkdirSync(path.join(root, 'bin'), {recursive: true})
    for (const folder of ['tmp', 'etc', 'root']) mkdirSync(path.join(root, folder), {recursive: true})
    copyFileSync('/bin/busybox', path.join(root, 'bin/busybox'))
    const {stdout} = await run('/bin/busybox', ['--list'])
    for (const applet of stdout.trim().split('\n')) {
      if (applet !== 'busybox') symlinkSync('busybox', path.join(root, 'bin', applet))
    }
    await run('tar', ['-C', root, '-cf', path.join(this.folder, 'busybox.tar'), '.'])
    await this.docker('import', path.join(this.folder, 'busybox.tar'), name)
  }

  /** An image made of another one: `HEALTHCHECK CMD true`, `EXPOSE 80`. */
  async imageWith(name: string, change: string, from = 'busybox:local'): Promise<void> {
    const id = await this.docker('create', from, 'true')
    await this.docker('commit', '--change', change, id, name)
    await this.docker('rm', id)
  }

  kill(signal: NodeJS.Signals): void {
    this.daemon.kill(signal)
  }

  async restart(): Promise<void> {
    // It refuses to begin beside one that is not quite gone.
    const {daemon} = this
    if (daemon.exitCode === null && daemon.signalCode === null) await once(daemon, 'exit')
    this.daemon = launch(this.folder, this.network, this.options)
    await this.ready()
  }

  async stop(): Promise<void> {
    const ids = (await this.docker('ps', '-aq').catch(() => '')).split('\n').filter(Boolean)
    if (ids.length > 0) await this.docker('rm', '-fv', ...ids).catch(() => undefined)
    const ended = new Promise((resolve) => this.daemon.once('exit', resolve))
    this.kill('SIGTERM')
    await ended
    this.network.holder.kill('SIGKILL')
    // One that was killed leaves its folder mounted, and every one the network of the machine, once a container was in it.
    for (const place of ['data', 'exec/netns/default']) {
      await run('umount', ['-l', path.join(this.folder, place)]).catch(() => undefined)
    }
    rmSync(this.folder, {recursive: true, force: true, maxRetries: 3})
  }

  private ready(): Promise<true> {
    return eventually(async () => {
      try {
        await this.docker('version')
        return true
      } catch {
        return false
      }
    }, 30_000)
  }
}

/** What runs goes on while the engine is away. */
function launch(folder: string, network: Network, more: readonly string[]): ChildProcess {
  const at = (name: string): string => path.join(folder, name)
  const options = [
    '--data-root',
    at('data'),
    '--exec-root',
    at('exec'),
    '--pidfile',
    at('pid'),
    '--live-restore',
    ...more,
  ]
  const [program = '', ...args] = [...network.enter, 'dockerd', ...options]
  return spawn(program, [...args, '--host', `unix://${at('docker.sock')}`], {stdio: 'ignore'})
}

/** A network with nothing in it, which is there as long as its holder. */
interface Network {
  readonly holder: ChildProcess
  /** What goes before a command that is to run in it. */
  readonly enter: readonly string[]
}

async function openNetwork(): Promise<Network> {
  const script = 'busybox ip link set lo up && echo up && exec sleep infinity'
  const holder = spawn('unshare', ['--net', 'sh', '-c', script], {stdio: ['ignore', 'pipe', 'ignore']})
  await once(holder.stdout, 'data')
  return {holder, enter: ['nsenter', `--net=/proc/${holder.pid}/ns/net`]}
}

/** Takes the place of a process with the same streams and the same end. */
function wrapper(program: string, args: readonly string[]): string {
  return `import {spawn} from 'node:child_process'
const child = spawn(${JSON.stringify(program)}, [...${JSON.stringify(args)}, ...process.argv.slice(2)], {stdio: 'inherit'})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => (signal ? (process.removeAllListeners(signal), process.kill(process.pid, signal)) : process.exit(code)))
`
}
