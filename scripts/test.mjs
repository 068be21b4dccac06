// Every test but the unit tests: `npm run test:real`. One run of mocha for all of them: most of the time is waiting for processes, and what begins early
// and takes long leaves no core without work at the end.
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readdir} from 'node:fs/promises'
import {availableParallelism} from 'node:os'
import path from 'node:path'
import {root} from './run.mjs'

/** These begin. */
const longest = [
  ...[
    'bad-plugins',
    'failpoints.torture',
    'daemon-life',
    'foreground',
    'plugin-life',
    'plugin-tutorial',
    'secret-leaks.torture',
  ],
  ...['plugins-new', 'plugins', 'start-flags', 'config', 'terminal-injection.torture', 'graph', 'layers'],
]
/** They measure what others would disturb. */
const alone = ['log-readers.torture', 'loop-delay.torture']

const suffix = '.test.ts'
const nameOf = (file) => path.basename(file, suffix)
const rank = (file) => (longest.indexOf(nameOf(file)) + longest.length + 1) % (longest.length + 1)
const files = (await readdir(path.join(root, 'test'), {recursive: true}))
  .filter((file) => file.endsWith(suffix) && !/^(core|cli)\//.test(file))
  .sort((one, other) => rank(one) - rank(other) || one.localeCompare(other))

const together = files.filter((file) => !alone.includes(nameOf(file)))
const apart = files.filter((file) => alone.includes(nameOf(file)))
const codes = [
  await mocha(['--parallel', '--jobs', String(availableParallelism() + 1), '--timeout', '60000'], together),
  await mocha(['--timeout', '60000'], apart),
]
process.exitCode = codes.find((code) => code !== 0) ?? 0

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
  const args = [...usual, ...options, ...some.map((file) => path.join('test', file))]
  const child = spawn(path.join(root, 'node_modules/.bin/mocha'), args, {cwd: root, stdio: 'inherit'})
  const [code, signal] = await once(child, 'exit')
  // What is interrupted has not passed.
  if (signal !== null || code > 128) process.exit(code ?? 130)
  return code
}
