// examples/graph from nothing to data: start, deployment, query. `npm run bench:graph -- [ROUNDS]`
import {systemClock} from '../src/core/base/clock.js'
import {graphExample, succeeds} from '../test/support/graph-stack.js'
import {median} from './measure.js'

const rounds = Number(process.argv[2] ?? 3)
const mostMs = 15_000
const steps = {
  up: ['graph', 'up'],
  deploy: ['graph', 'deploy', 'subgraph', '--name', 'token'],
  query: ['graph', 'query', 'token', '{accounts {id balance}}'],
} as const
const times: Record<keyof typeof steps, number[]> = {up: [], deploy: [], query: []}
const totals: number[] = []

for (let round = 0; round < rounds; round += 1) {
  await using sandbox = await graphExample()
  const began = systemClock.monotonic()
  for (const [name, args] of Object.entries(steps) as [keyof typeof steps, readonly string[]][]) {
    const at = systemClock.monotonic()
    await succeeds(sandbox, ...args)
    times[name].push(systemClock.monotonic() - at)
  }
  totals.push(systemClock.monotonic() - began)
  await succeeds(sandbox, 'graph', 'down')
}

console.log(`npm run bench:graph -- ${rounds}`)
for (const [name, all] of Object.entries(times)) console.log(`${name.padEnd(7)} ${median(all).toFixed()} ms`)
console.log(`total   ${median(totals).toFixed()} ms, at most ${mostMs}`)
process.exitCode = median(totals) <= mostMs ? 0 : 1
