// How harness behaves where it is hard: hostile processes, crash loops, many checks, many services. `npm run bench:figures [-- L6 L7 L9 H3 V12]`
import {readFile, readdir, rm, mkdtemp, writeFile} from 'node:fs/promises'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {setTimeout as sleep} from 'node:timers/promises'
import {systemClock} from '../src/core/base/clock.js'
import {newId} from '../src/core/base/ids.js'
import type {Client} from '../src/core/client/client.js'
import {ensureDaemon} from '../src/core/client/ensure-daemon.js'
import {loadStack} from '../src/core/config/load-stack.js'
import {largeStack} from './large-stack.js'
import type {Row} from './row.js'

const bin = fileURLToPath(new URL('../bin/run.js', import.meta.url))
const graceMs = 2000
/** The kernel counts processor time in hundredths of a second. */
const ticksPerSecond = 100

const figures: Readonly<Record<string, (lab: Lab) => Promise<Row>>> = {
  L6: hostileTrees,
  L7: deafServices,
  L9: crashLoop,
  H3: manyChecks,
  V12: largeStack,
}

const chosen = process.argv.slice(2)
const rows: Record<string, Row> = {}
for (const [name, measure] of Object.entries(figures)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  const lab = await openLab()
  try {
    rows[name] = await measure(lab)
  } finally {
    await lab.close()
  }
}
console.table(rows)
process.exitCode = Object.values(rows).every(({holds}) => holds) ? 0 : 1

/** A daemon of its own in a folder of its own. */
interface Lab {
  readonly folder: string
  readonly client: Client
  start(services: readonly string[], wait?: boolean): Promise<void>
  stop(): Promise<number>
  /** Processes that were started here, but for the daemon and its shell. */
  processes(): Promise<readonly number[]>
  close(): Promise<void>
}

async function openLab(): Promise<Lab> {
  const base = await mkdtemp(path.join(tmpdir(), 'harness-figures-'))
  const folder = base
  const client = await ensureDaemon({
    stateDirectory: path.join(base, 'state'),
    command: [process.execPath, bin, 'daemon', '--background'],
    env: {...process.env, HARNESS_STATE_DIR: path.join(base, 'state'), HARNESS_NO_USER_PLUGINS: '1'},
    client: {name: 'bench', version: '0'},
    clock: systemClock,
  })
  const everything = {stack: 'figures', services: []}
  return {
    folder,
    client,
    async start(services, wait = true) {
      await writeFile(path.join(base, 'harness.yaml'), `name: figures\nservices:\n${services.join('\n')}\n`)
      const {definition} = await loadStack({cwd: base, env: {}})
      await client.call('stack.load', {definition, requestId: newId()})
      const env = {PATH: process.env['PATH'] ?? '', FIGURES: base}
      const starting = client.call('service.start', {...everything, env, requestId: newId()})
      if (wait) await starting
      else starting.catch(() => undefined)
    },
    async stop() {
      const began = performance.now()
      await client.call('service.stop', {...everything, dependents: 'leave', requestId: newId()})
      return performance.now() - began
    },
    processes: () => naming(`FIGURES=${base}`),
    async close() {
      await client
        .call('service.stop', {...everything, dependents: 'leave', timeoutMs: 0, requestId: newId()})
        .catch(() => undefined)
      await client.call('daemon.shutdown', {stopServices: true}).catch(() => undefined)
      await client[Symbol.asyncDispose]()
      await rm(base, {recursive: true, force: true, maxRetries: 5})
    },
  }
}

function service(name: string, script: string, ...more: readonly string[]): string {
  const literal = JSON.stringify(script.replaceAll('$', '$$$$'))
  const keys = ['type: process', 'binary: sh', `args: [-c, ${literal}]`, `shutdown_timeout: ${graceMs}ms`, ...more]
  return [`  ${name}:`, ...keys.map((line) => `    ${line}`)].join('\n')
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}

async function hostileTrees(lab: Lab): Promise<Row> {
  const deaf = `trap '' TERM; while :; do sleep 0.2; done`
  const trees = [
    `(${deaf}) & trap 'exit 0' TERM; wait`,
    `setsid sh -c "${deaf}" & exec sleep 600`,
    `(setsid sh -c "(${deaf}) &" &) ; exec sleep 600`,
    `(sh -c "(${deaf}) &" &); ${deaf}`,
  ]
  await lab.start(Array.from({length: 20}, (_, index) => service(`s${index}`, trees[index % trees.length] ?? deaf)))
  await sleep(500)
  const before = (await lab.processes()).length
  const took = await lab.stop()
  const left = (await lab.processes()).length
  return {
    figure: `stop of 20 hostile trees (${before} processes)`,
    bar: `0 survivors, at most ${seconds(graceMs + 1000)}`,
    measured: `${left} survivors, ${seconds(took)}`,
    holds: left === 0 && took <= graceMs + 1000,
  }
}

async function deafServices(lab: Lab): Promise<Row> {
  await lab.start(
    Array.from({length: 50}, (_, index) => service(`s${index}`, `trap '' TERM; while :; do sleep 0.5; done`)),
  )
  await sleep(500)
  const took = await lab.stop()
  const left = (await lab.processes()).length
  return {
    figure: 'stop of 50 services that ignore TERM',
    bar: `at most ${seconds(graceMs + 1000)}`,
    measured: `${seconds(took)}, ${left} left`,
    holds: left === 0 && took <= graceMs + 1000,
  }
}

async function crashLoop(lab: Lab): Promise<Row> {
  const file = path.join(lab.folder, 'starts')
  const pid = lab.client.hello.daemon.pid
  await lab.start([service('s', `echo x >> ${file}; exit 1`, 'restart: {policy: always, max_attempts: 1000}')], false)
  const before = await ticks(pid)
  await sleep(60_000)
  const load = ((await ticks(pid)) - before) / ticksPerSecond / 60
  const starts = (await readFile(file, 'utf8')).split('\n').length - 1
  return {
    figure: 'a crashing service with restart: always, 60 s',
    bar: 'at most 7 starts, daemon below 2 %',
    measured: `${starts} starts, daemon ${(load * 100).toFixed(2)} %`,
    holds: starts <= 7 && load < 0.02,
  }
}

async function manyChecks(lab: Lab): Promise<Row> {
  const seen: number[] = []
  const server = createServer((socket) => {
    seen.push(performance.now())
    socket.on('error', () => undefined)
    socket.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const check = `health_check: {tcp: "127.0.0.1:${port}", interval: 1s}`
  await lab.start(Array.from({length: 200}, (_, index) => service(`s${index}`, 'exec sleep 600', check)))
  await sleep(3000)
  const pid = lab.client.hello.daemon.pid
  const [before, from] = [await ticks(pid), performance.now()]
  await sleep(20_000)
  const load = ((await ticks(pid)) - before) / ticksPerSecond / 20
  const slots = new Map<number, number>()
  for (const at of seen.filter((each) => each >= from)) {
    const slot = Math.floor(((at - from) % 1000) / 100)
    slots.set(slot, (slots.get(slot) ?? 0) + 1)
  }
  server.close()
  const counts = Array.from({length: 10}, (_, slot) => slots.get(slot) ?? 0)
  const total = counts.reduce((sum, each) => sum + each, 0)
  const share = Math.max(...counts) / total
  return {
    figure: '200 services with a check each second, 20 s',
    bar: 'at most 25 % of a core; spread over the second',
    measured: `${(load * 100).toFixed(1)} %; ${total} checks, at most ${(share * 100).toFixed(0)} % of them in a tenth of a second`,
    holds: load <= 0.25 && share < 0.3,
  }
}

/** Processor time of a process, in ticks. */
async function ticks(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

async function naming(text: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environ = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
      const alive = stat !== '' && !/^\d+ \(.*\) [ZX]/s.test(stat)
      return environ.split('\0').includes(text) && alive ? [pid] : []
    }),
  )
  return found.flat()
}
