// Small and honest: harness, and what else of its kind is on PATH, side by side in one run. `npm run bench -- [SERVICES] [ROUNDS]`
import {mkdtemp, rm} from 'node:fs/promises'
import {availableParallelism, tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {setTimeout as sleep} from 'node:timers/promises'
import {median, time, type Command} from './measure.js'
import {shell, trivialServices, type Services} from './services.js'
import {makeTools, type Tool} from './tools.js'

const count = Number(process.argv[2] ?? 100)
const rounds = Number(process.argv[3] ?? 5)
const statusesPerRound = 4
/** Between measurements, so that what ended last does not count for what comes next. */
const peaceMs = 300

type Figure = 'cold start' | 'status' | 'stop' | 'warm start'
type Figures = Map<Figure, number[]>

const folder = await mkdtemp(path.join(tmpdir(), 'harness-bench-'))
try {
  const services = trivialServices(folder, count)
  const made = await Promise.all(makeTools.map((make) => make(folder, services)))
  const tools = made.filter((tool) => tool !== undefined)
  const floor = {spawn: [] as number[], node: [] as number[]}
  const results = new Map<string, Figures>(tools.map(({name}) => [name, new Map()]))
  // A round of everything, then the next: a machine that slows down slows all of them.
  for (let round = 0; round < rounds; round += 1) {
    floor.spawn.push(await spawnFloor(services))
    for (const tool of tools) await measure(tool, {services, figures: results.get(tool.name)!, nodes: floor.node})
  }
  print(results, {spawn: median(floor.spawn), node: median(floor.node)})
} finally {
  await rm(folder, {recursive: true, force: true})
}

interface Measuring {
  readonly services: Services
  readonly figures: Figures
  /** Where `node -e 0` is noted, taken beside each status. */
  readonly nodes: number[]
}

async function measure(tool: Tool, {services, figures, nodes}: Measuring): Promise<void> {
  const note = (figure: Figure, ms: number): void => {
    figures.set(figure, [...(figures.get(figure) ?? []), ms])
  }
  try {
    note('cold start', await firstActs(tool.cold, services))
    await sleep(peaceMs)
    for (let turn = 0; turn < statusesPerRound; turn += 1) {
      nodes.push((await time({program: process.execPath, args: ['-e', '0']})).ms)
      note('status', (await time(tool.status)).ms)
    }
    await time(tool.stop)
    note('warm start', await firstActs(tool.warm, services))
    await sleep(peaceMs)
    note('stop', (await time(tool.stop)).ms)
  } finally {
    await time(tool.end)
    await sleep(peaceMs)
  }
}

/** From the command to the first act of the last service. */
async function firstActs(command: Command, services: Services): Promise<number> {
  await services.forget()
  const {began} = await time(command)
  return (await services.lastAct()) - began
}

async function spawnFloor(services: Services): Promise<number> {
  const commands = services.names.map((name) => [shell, ...services.argsOf(name)])
  const script = fileURLToPath(new URL('spawn-floor.mjs', import.meta.url))
  const ms = await firstActs({program: process.execPath, args: [script, JSON.stringify(commands)]}, services)
  await endSleepers(services)
  return ms
}

async function endSleepers(services: Services): Promise<void> {
  for (const pid of await services.pids()) process.kill(pid, 'SIGKILL')
}

function print(results: ReadonlyMap<string, Figures>, floor: {readonly spawn: number; readonly node: number}): void {
  console.log(`npm run bench -- ${count} ${rounds}`)
  console.log(
    `Node ${process.versions.node}, ${availableParallelism()} cores, ${count} services, median of ${rounds} rounds\n`,
  )
  const rows = [...results].map(([name, figures]) => {
    const of = (figure: Figure): number => median(figures.get(figure) ?? [])
    const starts = [of('cold start'), of('warm start')].map((ms) => cell(ms, floor.spawn))
    return [name, ...starts, cell(of('status'), floor.node), `${of('stop').toFixed(0)} ms`]
  })
  const head = ['', 'cold start', 'warm start', 'status', 'stop']
  const least = cell(floor.spawn, floor.spawn)
  const floors = ['floor', least, least, cell(floor.node, floor.node), '']
  for (const row of [head, head.map(() => '---'), ...rows, floors]) console.log(`| ${row.join(' | ')} |`)
  console.log(
    '\nStarts: from the command to the first act of the last service; their floor is a spawn by Node for each service.',
  )
  console.log('Status: its floor is `node -e 0`. Stop: until the command ends.')
}

function cell(ms: number, floor: number): string {
  return `${ms.toFixed(0)} ms, ${(ms / floor).toFixed(1)} ×`
}
