// Draws docs/images/start.svg from a real run of the quickstart in a real terminal (tmux): `npm run picture`.
// Only this machine's paths are shown shorter; everything else stands as it was printed.
import {execFile} from 'node:child_process'
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {homedir, tmpdir} from 'node:os'
import path from 'node:path'
import {promisify} from 'node:util'
import {setTimeout as sleep} from 'node:timers/promises'
import {parseAnsi} from './picture/ansi.mjs'
import {drawTerminal} from './picture/svg.mjs'
import {root} from './run.mjs'

const columns = 84
const patienceMs = 60_000
const commands = ['./bin/run.js start -c examples/quickstart/harness.yaml', './bin/run.js status']
const prompt = '❯ '

const folder = await mkdtemp(path.join(tmpdir(), 'harness-picture-'))
const env = {
  HOME: homedir(),
  PATH: process.env.PATH,
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
  HARNESS_STATE_DIR: path.join(folder, 'state'),
  QUICKSTART_DATA: path.join(folder, 'store.json'),
}
const socket = path.join(folder, 'tmux')

try {
  const screen = await record()
  const file = path.join(root, 'docs', 'images', 'start.svg')
  await mkdir(path.dirname(file), {recursive: true})
  await writeFile(file, drawTerminal(parseAnsi(screen), {columns, title: 'harness'}))
  console.log(`${path.relative(root, file)} written`)
} finally {
  await run(path.join(root, 'bin', 'run.js'), ['stop', '-q']).catch(() => undefined)
  await tmux('kill-server').catch(() => undefined)
  await run(path.join(root, 'bin', 'run.js'), ['daemon', 'stop', '-q']).catch(() => undefined)
  await rm(folder, {recursive: true, force: true})
}

/** Types the commands into a shell, each once the one before has ended, and answers the screen with its colours. */
async function record() {
  const size = ['-x', String(columns), '-y', '60']
  const rc = path.join(folder, 'bashrc')
  await writeFile(rc, `PS1=$'\\n\\[\\e[35m\\]${prompt}\\[\\e[0m\\]'; unset HISTFILE\n`)
  const shell = `exec bash --noprofile --rcfile '${rc}'`
  await tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'picture', '-c', root, ...size, shell)
  await until((text) => text.trim() === prompt.trim())
  for (const command of commands) {
    const prompts = count(await capture(), prompt.trim())
    await tmux('send-keys', '-t', 'picture', command, 'Enter')
    await until((text) => count(text, prompt.trim()) === prompts + 1 && text.trimEnd().endsWith(prompt.trim()))
  }
  const lines = (await capture('-e')).trimEnd().split('\n')
  // The last prompt waits for a command that nobody types.
  return shorten(lines.slice(1, -1).join('\n').trimEnd())
}

async function until(holds) {
  const giveUpAt = Date.now() + patienceMs
  for (;;) {
    const text = await capture()
    if (holds(text)) return
    if (Date.now() > giveUpAt) throw new Error(`the terminal shows something else than expected:\n${text}`)
    await sleep(100)
  }
}

async function capture(...flags) {
  return (await tmux('capture-pane', '-t', 'picture', '-p', ...flags)).stdout
}

function shorten(text) {
  return text.replaceAll(root, '~/harness/').replaceAll(folder, '~')
}

function count(text, part) {
  return text.split('\n').filter((line) => line.startsWith(part)).length
}

function tmux(...args) {
  return run('tmux', ['-S', socket, ...args])
}

function run(program, args) {
  return promisify(execFile)(program, args, {cwd: root, env})
}
