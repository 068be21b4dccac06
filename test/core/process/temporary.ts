import {execFileSync} from 'node:child_process'
import {randomUUID} from 'node:crypto'
import {existsSync, mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import type {StartRequest} from '../../../src/core/contract/executor.js'
import type {WorkloadHandle} from '../../../src/core/contract/workload.js'
import {processExecutor} from '../../../src/core/executors/process/executor.js'
import type {ProcessSpec} from '../../../src/core/executors/process/spec.js'
import type {ProcessState} from '../../../src/core/executors/process/state.js'
import {createProcessHost} from '../../../src/core/process/host.js'
import type {PlatformTools} from '../../../src/core/process/platform.js'
import {readRun, runPaths} from '../../../src/core/process/run-directory.js'
import {createScanner} from '../../../src/core/process/scan.js'
import {signalProcess} from '../../../src/core/process/identity.js'

export const never: AbortSignal = new AbortController().signal

/** A folder that is removed after the test. */
export function temporaryFolder(): {readonly path: string} & Disposable {
  const folder = mkdtempSync(path.join(tmpdir(), 'harness-test-'))
  return {
    path: folder,
    [Symbol.dispose]() {
      rmSync(folder, {recursive: true, force: true})
    },
  }
}

type Handle = WorkloadHandle<ProcessState>

/** A process executor in a folder of its own; all that it started is gone afterwards, whatever the test did. */
export function workshop(tools?: PlatformTools) {
  const folder = temporaryFolder()
  const executor = (): ReturnType<typeof processExecutor> =>
    processExecutor({} as never, createProcessHost(tools && {tools}))
  const shared = executor()
  const handles: Handle[] = []
  const instances = new Set<string>()
  let attempt = 0
  const request = (spec: ProcessSpec, more: Partial<StartRequest> = {}): StartRequest<ProcessSpec> => {
    attempt += 1
    const instance = randomUUID()
    instances.add(instance)
    return {
      id: `stack/svc/${attempt}`,
      stack: 'stack',
      service: 'svc',
      attempt,
      instance,
      directory: folder.path,
      runDirectory: path.join(folder.path, 'runs', 'svc', instance),
      env: {},
      inheritedEnv: {PATH: process.env['PATH'] ?? '/usr/bin:/bin'},
      endpoints: [],
      logs: {capture: 'file', merge: false},
      graceMs: 500,
      ...more,
      spec,
    }
  }
  const keep = <T extends Handle | undefined>(handle: T): T => {
    if (handle) handles.push(handle)
    return handle
  }
  return {
    folder: folder.path,
    /** As a later daemon makes it. */
    executor,
    request,
    keep,
    async start(asked: StartRequest<ProcessSpec>): Promise<Handle> {
      return keep(await shared.start(asked, {signal: never, progress: () => undefined}))
    },
    async sh(script: string, more: Partial<StartRequest> = {}): Promise<Handle> {
      return keep(
        await shared.start(request({binary: 'sh', args: ['-c', script]}, more), {
          signal: never,
          progress: () => undefined,
        }),
      )
    },
    /** Process numbers that carry the cookie of one of this workshop's attempts. */
    async left(): Promise<readonly number[]> {
      const table = await createScanner().scan()
      return [...table.processes.keys()].filter((pid) => instances.has(table.instanceOf(pid) ?? ''))
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(handles.map((handle) => handle.stop({graceMs: 0})))
      for (const handle of handles) handle.release()
      const table = await createScanner().scan()
      for (const stat of table.processes.values()) {
        if (instances.has(table.instanceOf(stat.pid) ?? '')) process.kill(stat.pid, 'SIGKILL')
      }
      const runs = path.join(folder.path, 'runs', 'svc')
      for (const name of existsSync(runs) ? readdirSync(runs) : []) {
        const run = readRun(runPaths(path.join(runs, name)))
        if (run) signalProcess(run.shim, 'SIGKILL')
      }
      folder[Symbol.dispose]()
    },
  }
}

/** Looks again and again until something holds. */
export async function eventually<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  ms = 5000,
): Promise<T> {
  const until = performance.now() + ms
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > until) throw new Error(`It did not come true within ${ms} ms.`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** All lines of a handle's streams as `stdout|stderr: text`. */
export async function linesOf(handle: WorkloadHandle): Promise<readonly string[]> {
  const {readLines} = await import('../../../src/core/process/log/read-lines.js')
  const all: string[] = []
  for (const source of handle.logs) {
    for await (const {lines} of readLines(source, {from: 0, follow: false, signal: never})) {
      all.push(...lines.map(({text, gap}) => `${source.stream}: ${gap ? `GAP ${text}` : text}`))
    }
  }
  return all
}

/** Runs a module under a limit of the shell, and answers what it printed as JSON. */
export function limited(limit: string, module: string): unknown {
  const source = new URL('../../../src/core/process/', import.meta.url).href
  const text = `const open = (name) => import(${JSON.stringify(source)} + name); ${module}`
  const script = `${limit}; exec "$0" --import=tsx --input-type=module -e "$1"`
  const output = execFileSync('sh', ['-c', script, process.execPath, text], {
    encoding: 'utf8',
    env: {...process.env, TSX_DISABLE_CACHE: '1'},
  })
  return JSON.parse(output)
}
