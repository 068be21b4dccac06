// Every test but the unit tests: `npm run test:real`. One run of mocha for all of them: most of the time is waiting for processes, and what begins early
// and takes long leaves no core without work at the end. With HARNESS_TEST_MINUTES a machine that would take longer runs a part of the files: another one
// for another commit, some of each kind every time. Which are left out is printed.
import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {readdir} from 'node:fs/promises'
import {availableParallelism} from 'node:os'
import path from 'node:path'
import {root} from './run.mjs'

/** These begin. */
const longest = [
  ...['bad-plugins', 'failpoints.torture', 'daemon-life', 'foreground', 'plugin-life', 'plugin-tutorial'],
  ...['secret-leaks.torture', 'plugins-new', 'plugins', 'start-flags', 'config', 'terminal-injection.torture'],
  ...['graph', 'layers'],
]
/** They measure what others would disturb. */
const alone = ['log-readers.torture', 'loop-delay.torture']
/** All files take so many times as long as `harness --version`, on two cores. */
const versionsLong = 6300

const suffix = '.test.ts'
const nameOf = (file) => path.basename(file, suffix)
const rank = (file) => (longest.indexOf(nameOf(file)) + longest.length + 1) % (longest.length + 1)
const all = (await readdir(path.join(root, 'test'), {recursive: true}))
  .filter((file) => file.endsWith(suffix) && !/^(core|cli)\//.test(file))
  .sort((one, other) => rank(one) - rank(other) || one.localeCompare(other))
const files = partOf(all, Number(process.env.HARNESS_TEST_MINUTES ?? Infinity))

const together = files.filter((file) => !alone.includes(nameOf(file)))
const apart = files.filter((file) => alone.includes(nameOf(file)))
const codes = [
  await mocha(['--parallel', '--jobs', String(availableParallelism() + 1)], together),
  ...(apart.length > 0 ? [await mocha([], apart)] : []),
]
process.exitCode = codes.find((code) => code !== 0) ?? 0

/** All of them, or every second or third when they would take longer than so many minutes. */
function partOf(some, minutes) {
  if (minutes === Infinity) return some
  const minutesLong = (secondsOfVersion() * versionsLong) / 60
  const parts = Math.ceil(minutesLong / minutes)
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], {cwd: root, encoding: 'utf8'}).trim()
  const part = Number.parseInt(commit.slice(0, 8), 16) % parts
  const isIn = (_, index) => index % parts === part
  console.log(`All of ${some.length} files would take about ${minutesLong.toFixed(0)} minutes here, of ${minutes}.`)
  if (parts === 1) return some
  const left = some.filter((file, index) => !isIn(file, index))
  console.log(`Part ${part + 1} of ${parts}, by the commit. Left out:\n${left.map((file) => `  ${file}\n`).join('')}`)
  return some.filter(isIn)
}

/** The median of some. */
function secondsOfVersion() {
  const times = Array.from({length: 7}, () => {
    const began = performance.now()
    execFileSync(process.execPath, [path.join(root, 'bin/run.js'), '--version'], {stdio: 'ignore'})
    return (performance.now() - began) / 1000
  })
  return times.sort((one, other) => one - other)[3]
}

async function mocha(options, some) {
  const usual = [
    '--no-config',
    '--node-option',
    'import=tsx',
    '--posix-exit-codes',
    '--forbid-only',
    '--reporter',
    'dot',
  ]
  const args = [...usual, '--timeout', '60000', ...options, ...some.map((file) => path.join('test', file))]
  const child = spawn(path.join(root, 'node_modules/.bin/mocha'), args, {cwd: root, stdio: 'inherit'})
  const [code, signal] = await once(child, 'exit')
  // What is interrupted has not passed.
  if (signal !== null || code > 128) process.exit(code ?? 130)
  return code
}
