// Everything that must hold before a commit, a line per step: `npm run check`. Steps share the cores; the longest begin first.
import {availableParallelism} from 'node:os'
import {run} from './run.mjs'

// Most of a test's time is waiting for processes: a file more than there are cores at a time.
const jobs = ['--parallel', '--jobs', String(availableParallelism() + 1)]
const mocha = [
  '--no-config',
  '--node-option',
  'import=tsx',
  '--reporter',
  'dot',
  '--forbid-only',
  // Else an interrupted run ends with 0.
  '--posix-exit-codes',
  '--timeout',
  '20000',
  ...jobs,
]

// What has not changed need not be checked again. Linting with types has no such memory: a file depends on others.
const cache = 'node_modules/.cache/check'

const steps = [
  {name: 'build', run: ['node', 'scripts/build.mjs']},
  {name: 'lint', run: ['eslint', '.', '--max-warnings', '0']},
  {
    name: 'unit tests',
    run: [
      'mocha',
      ...mocha,
      '--ignore',
      'test/**/*.torture.test.ts',
      'test/core/**/*.test.ts',
      'test/cli/**/*.test.ts',
    ],
    // Some of them start the built command.
    after: 'build',
  },
  {
    name: 'types',
    run: ['tsc', '-p', 'tsconfig.json', '--incremental', '--tsBuildInfoFile', `${cache}/types.tsbuildinfo`],
  },
  {
    name: 'format',
    run: [
      'prettier',
      '--check',
      '.',
      '--cache',
      '--cache-strategy',
      'content',
      '--cache-location',
      `${cache}/prettier`,
    ],
  },
  {name: 'floors', run: ['depcruise', 'src', 'plugins', 'test', '--config', '.dependency-cruiser.cjs']},
  {name: 'dead code', run: ['knip']},
  {
    name: 'generated files',
    run: [process.execPath, '--import', 'tsx', 'scripts/generate.mjs', '--check'],
    after: 'build',
  },
  {name: 'package', run: ['publint', '--strict'], after: 'build'},
]

// `npm run check -- --except 'unit tests'`, where they have just been run.
for (const name of process.argv.slice(2).filter((word) => word !== '--except')) {
  const at = steps.findIndex((step) => step.name === name)
  if (at === -1)
    throw new Error(`There is no step '${name}': expected one of ${steps.map((step) => step.name).join(', ')}.`)
  steps.splice(at, 1)
}

const started = performance.now()
const finished = new Map()
for (const step of steps) if (!steps.some(({name}) => name === step.after)) delete step.after
const failed = []
await Promise.all(Array.from({length: Math.max(2, Math.min(4, availableParallelism()))}, worker))

for (const {name, output} of failed) console.log(`\n── ${name} ──\n${output.trimEnd()}`)
const total = ((performance.now() - started) / 1000).toFixed(1)
const verdict = failed.length === 0 ? 'all good' : `failed: ${failed.map(({name}) => name).join(', ')}`
console.log(`\n${verdict} (${total} s)`)
process.exitCode = failed.length === 0 ? 0 : 1

async function worker() {
  for (let step = await take(); step; step = await take()) await finish(step)
}

/** The next step whose forerunner has ended; waits when there is only such a one left. */
async function take() {
  const ready = steps.findIndex(({after}) => !after || finished.get(after)?.done)
  if (ready !== -1) {
    const [step] = steps.splice(ready, 1)
    finished.set(step.name, {done: false})
    return step
  }
  if (steps.length === 0) return undefined
  await finished.get(steps[0].after).ended
  return take()
}

async function finish({name, run: [command, ...args]}) {
  let settle
  finished.set(name, {done: false, ended: new Promise((resolve) => (settle = resolve))})
  const result = await run(command, args)
  finished.get(name).done = true
  settle()
  console.log(`${result.ok ? '✔' : '✖'} ${name.padEnd(16)} ${result.seconds.toFixed(1).padStart(6)} s`)
  if (!result.ok) failed.push({name, output: result.output})
}
