// The figures of docs/figures.md at full size: `npm run test:torture`, or `npm run test:torture -- crowds half-open` for some of them.
import {readdir} from 'node:fs/promises'
import path from 'node:path'
import {root, run} from './run.mjs'

const suffix = '.torture.test.ts'
const mocha = [
  '--no-config',
  ...['--node-option', 'import=tsx'],
  '--posix-exit-codes',
  '--forbid-only',
  ...['--timeout', '600000'],
]

// Most of the time is waiting, so three files run at a time. The longest begin, and those that measure speed run alone, at the end.
const atOnce = 3
const longest = [
  ...['failpoints', 'daemon-kills', 'terminal-injection', 'docker-logs', 'hostile-names', 'secret-leaks'],
  ...['docker-kills', 'task-kills', 'crash-loop', 'random-clients', 'half-open', 'private-state', 'docker-away'],
]
const alone = ['log-readers', 'loop-delay']

const wanted = process.argv.slice(2)
const files = (await readdir(path.join(root, 'test'), {recursive: true}))
  .filter((file) => file.endsWith(suffix) && (wanted.length === 0 || wanted.includes(nameOf(file))))
  .sort((one, other) => rank(one) - rank(other) || one.localeCompare(other))
const missing = wanted.filter((name) => !files.some((file) => nameOf(file) === name))
if (missing.length > 0) throw new Error(`There is no ${missing.join(', ')}: expected names of test/**/*${suffix}.`)

const started = performance.now()
const results = []
const together = files.filter((file) => !alone.includes(nameOf(file)))
await Promise.all(Array.from({length: atOnce}, () => work(together)))
await work(files.filter((file) => alone.includes(nameOf(file))))

console.log()
for (const {name, ok, seconds} of results.sort((one, other) => other.seconds - one.seconds)) {
  console.log(`${ok ? '✔' : '✖'} ${name.padEnd(20)} ${seconds.toFixed(1).padStart(6)} s`)
}
const failed = results.filter(({ok}) => !ok).map(({name}) => name)
const verdict = failed.length === 0 ? 'all good' : `failed: ${failed.join(', ')}`
console.log(`\n${verdict} (${((performance.now() - started) / 1000).toFixed(0)} s)`)
process.exitCode = failed.length === 0 ? 0 : 1

/** Runs what is left of a list, one file after another. What each prints is shown when it is over. */
async function work(queue) {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const {ok, output, seconds} = await run('mocha', [...mocha, path.join('test', file)], {
      env: {...process.env, HARNESS_TORTURE: '1'},
    })
    console.log(output.trim() + '\n')
    results.push({name: nameOf(file), ok, seconds})
  }
}

function nameOf(file) {
  return path.basename(file, suffix)
}

function rank(file) {
  const place = longest.indexOf(nameOf(file))
  return place === -1 ? longest.length : place
}
