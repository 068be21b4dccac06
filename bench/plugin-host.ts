// What a call of a plugin costs in the daemon, in a worker thread and in a child process. `npm run bench:plugins -- host`
import {fork, type ChildProcess} from 'node:child_process'
import {readFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'
import {Worker} from 'node:worker_threads'
import {median} from './measure.js'
import {processEvent, type Line} from './plugin-host-echo.mjs'

const echo = new URL('plugin-host-echo.mjs', import.meta.url)
const line: Line = {
  kind: 'line',
  stream: 'stdout',
  text: '2026-01-01T00:00:00Z INFO block 1234567 mined in 12 ms by 0xabcdef',
  at: 1,
}
const rounds = 5
const callsInTurn = 3000
const callsAtOnce = 30_000

interface Place {
  call(given: Line): Promise<unknown>
  readonly pid: number
  close(): Promise<void>
}

const places: Readonly<Record<string, () => Promise<Place>>> = {daemon: here, worker: inWorker, child: inChild}

export interface HostRow {
  readonly 'call, µs': string
  readonly 'lines a second': string
  readonly 'start, ms': string
  readonly 'memory of one, MB': string
}

/** All places in each round, one after the other; the median of the rounds. */
export async function pluginHosts(): Promise<Readonly<Record<string, HostRow>>> {
  const found: Record<string, Measured[]> = {}
  for (let round = 0; round < rounds; round++) {
    for (const [name, open] of Object.entries(places)) (found[name] ??= []).push(await measured(open))
  }
  return Object.fromEntries(Object.entries(found).map(([name, all]) => [name, row(all)]))
}

interface Measured {
  readonly callUs: number
  readonly perSecond: number
  readonly startMs: number
  readonly memoryMb: number
}

function row(all: readonly Measured[]): HostRow {
  const of = (pick: (one: Measured) => number): number => median(all.map(pick))
  return {
    'call, µs': of(({callUs}) => callUs).toFixed(1),
    'lines a second': Math.round(of(({perSecond}) => perSecond)).toLocaleString('en'),
    'start, ms': of(({startMs}) => startMs).toFixed(1),
    'memory of one, MB': of(({memoryMb}) => memoryMb).toFixed(1),
  }
}

async function measured(open: () => Promise<Place>): Promise<Measured> {
  const before = await memoryOf(process.pid)
  const began = performance.now()
  const place = await open()
  await place.call(line)
  const startMs = performance.now() - began
  const own = place.pid === process.pid ? (await memoryOf(process.pid)) - before : await memoryOf(place.pid)
  for (let call = 0; call < callsInTurn; call++) await place.call(line)
  const inTurn = performance.now()
  for (let call = 0; call < callsInTurn; call++) await place.call(line)
  const callUs = ((performance.now() - inTurn) / callsInTurn) * 1000
  const atOnce = performance.now()
  await Promise.all(Array.from({length: callsAtOnce}, () => place.call(line)))
  const perSecond = callsAtOnce / ((performance.now() - atOnce) / 1000)
  await place.close()
  return {callUs, perSecond, startMs, memoryMb: Math.max(0, own)}
}

function here(): Promise<Place> {
  return Promise.resolve({
    call: (given) => Promise.resolve(processEvent(given)),
    pid: process.pid,
    close: () => Promise.resolve(),
  })
}

interface Answer {
  readonly id: number
  readonly event: unknown
}

/** Pairs what goes with what comes. */
function pairs(send: (message: {readonly id: number; readonly line: Line}) => void) {
  const waiting = new Map<number, (event: unknown) => void>()
  let last = 0
  return {
    call: (given: Line): Promise<unknown> =>
      new Promise((resolve) => {
        last += 1
        waiting.set(last, resolve)
        send({id: last, line: given})
      }),
    answered: ({id, event}: Answer): void => {
      waiting.get(id)?.(event)
      waiting.delete(id)
    },
  }
}

function inWorker(): Promise<Place> {
  const worker = new Worker(echo, {argv: ['worker'], execArgv: []})
  const {call, answered} = pairs((message) => {
    worker.postMessage(message)
  })
  worker.on('message', answered)
  return Promise.resolve({
    call,
    pid: process.pid,
    async close() {
      await worker.terminate()
    },
  })
}

/** JSON, a line for each message, over pipes. */
function inChild(): Promise<Place> {
  const child: ChildProcess = fork(fileURLToPath(echo), ['child'], {execArgv: [], silent: true})
  const {call, answered} = pairs((message) => child.stdin?.write(`${JSON.stringify(message)}\n`))
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const one of lines) answered(JSON.parse(one) as Answer)
  })
  return Promise.resolve({
    call,
    pid: child.pid ?? 0,
    async close() {
      child.kill()
      await new Promise((resolve) => child.once('exit', resolve))
    },
  })
}

/** What no other process shares, in MB. */
async function memoryOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
  const kilobytes = [...text.matchAll(/^Private_(?:Clean|Dirty): +(\d+) kB$/gm)].map(([, size]) => Number(size))
  return kilobytes.reduce((sum, size) => sum + size, 0) / 1024
}
