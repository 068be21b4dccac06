import {spawn, type ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import register from '../../../../plugins/graph/src/register.js'
import {findBinary} from '../../../../plugins/graph/src/shared/launch/find-binary.js'
import type {Json} from '../../../../src/core/base/json.js'
import {openTestHost, type TestHost} from '../../../../src/testing/test-host.js'
import {freePort} from '../../../support/free-port.js'
import {root, until} from '../../../support/harness.js'

export const fixtures = path.join(root, 'test/fixtures/graph/contracts')

export const anvil = findBinary({name: 'anvil', packages: [{name: '@foundry-rs/anvil-linux-amd64', file: 'bin/anvil'}]})
export const hasAnvil = anvil !== undefined

/** A real chain at a port of its own. Started anew, it is another chain of the same id. */
export class Chain implements AsyncDisposable {
  private child: ChildProcess | undefined

  private constructor(
    readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<Chain> {
    const chain = new Chain(await freePort(), await mkdtemp(path.join(tmpdir(), 'harness-chain-')))
    await chain.begin()
    return chain
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async call<T>(method: string, ...params: readonly Json[]): Promise<T> {
    const body = JSON.stringify({jsonrpc: '2.0', id: 1, method, params})
    const response = await fetch(this.url, {method: 'POST', headers: {'content-type': 'application/json'}, body})
    const {result, error} = (await response.json()) as {result: T; error?: {message: string}}
    if (error) throw new Error(error.message)
    return result
  }

  async begin(...more: readonly string[]): Promise<void> {
    const args = ['--port', String(this.port), '--cache-path', this.folder, '--silent', ...more]
    this.child = spawn(anvil!, args, {stdio: 'ignore'})
    await until(
      () =>
        this.call('eth_chainId').then(
          () => true,
          () => false,
        ),
      'Anvil answers',
    )
  }

  async end(): Promise<void> {
    const {child} = this
    this.child = undefined
    if (!child) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }

  /** As after `anvil` was started anew. */
  async reset(): Promise<void> {
    await this.end()
    await this.begin()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
    await rm(this.folder, {recursive: true, force: true})
  }
}

export interface TaskEnd {
  readonly state: string
  readonly reason: string
  readonly outputs: Record<string, Json> & {addresses: Record<string, string>; chain_id: number; address_book: string}
  readonly events: readonly Json[]
}

/** A daemon with the plugin, and a stack whose tasks may be changed. */
export class TaskBench implements AsyncDisposable {
  private stack = ''

  private constructor(private readonly host: TestHost) {}

  static async open(): Promise<TaskBench> {
    return new TaskBench(await openTestHost({register}))
  }

  get folder(): string {
    return this.host.folder
  }

  get client(): TestHost['client'] {
    return this.host.client
  }

  restart(): Promise<void> {
    return this.host.restart()
  }

  async write(name: string, content: string): Promise<void> {
    const file = path.join(this.folder, name)
    await mkdir(path.dirname(file), {recursive: true})
    await writeFile(file, content)
  }

  read(name: string): Promise<string> {
    return readFile(path.join(this.folder, name), 'utf8')
  }

  /** How often the tool of a project was run, and with what. */
  async runs(project = 'contracts'): Promise<readonly string[]> {
    return (await this.read(`${project}/runs`).catch(() => '')).split('\n').slice(0, -1)
  }

  /** A project with a script of its own, which deploys without any library. */
  async plainProject(project = 'contracts'): Promise<void> {
    for (const file of ['chain.mjs', 'plain-deploy.mjs']) {
      await cp(path.join(fixtures, file), path.join(this.folder, project, file))
    }
  }

  /** A project with a tool in its node_modules that does as the recorded one. */
  async toolProject(program: string, files: Readonly<Record<string, string>>, project = 'contracts'): Promise<void> {
    const bin = path.join(this.folder, project, 'node_modules', '.bin')
    await mkdir(bin, {recursive: true})
    await this.write(
      `${project}/node_modules/.bin/${program}`,
      `#!/bin/sh\nexec '${process.execPath}' '${path.join(fixtures, 'fake-tool.mjs')}' "$@"\n`,
    )
    await chmod(path.join(bin, program), 0o755)
    for (const [name, content] of Object.entries(files)) await this.write(`${project}/${name}`, content)
  }

  /** Loads a stack with these tasks; none of them is run by that. */
  async load(tasks: object, services: object = {}): Promise<void> {
    const stack = await this.host.start({
      services: {idle: {target: {type: 'process', binary: 'sleep', args: ['600']}}, ...services},
      tasks,
    })
    this.stack = stack.stack
  }

  /** Runs a task, and answers how it ended and what it told meanwhile. */
  async run(task: string, {force = false} = {}): Promise<TaskEnd> {
    const events: Json[] = []
    const {task: status, failure} = await this.client.call(
      'task.run',
      {stack: this.stack, task, force},
      {onProgress: (progress) => 'task' in progress && 'event' in progress && events.push(progress.event)},
    )
    return {
      state: status.state,
      reason: failure?.reason ?? status.reason ?? '',
      outputs: status.outputs as TaskEnd['outputs'],
      events,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]()
  }
}
