import {filesFolder} from '../archive/layout.js'
import type {Script} from '../manifest.js'
import {DeployProblem} from './deploy-problem.js'
import {names, type Place} from './place.js'
import {shellWord} from '../../host/shell-words.js'

interface ScriptRun {
  /** What it is called, for people. */
  readonly name: string
  readonly script: Script
  /** The version that it is of. */
  readonly id: string
  readonly env: Readonly<Record<string, string>>
}

const shownLines = 3
const againMs = 15_000

/** Runs a script of a package in the folder of its version. DEPLOY_FAILED, with the last that it printed, unless it ends with 0. */
export async function runScript(place: Place, {name, script, id, env}: ScriptRun): Promise<void> {
  const {host, signal, say, root} = place
  const message = `${name} of ${id} runs on ${host.name}`
  say(message)
  const again = setInterval(say, againMs, message)
  try {
    const folder = `${root}/${names.versions}/${id}/${filesFolder}`
    const {end, stdout, stderr} = await host.run('exec sh', {input: scriptText(script, folder, env), signal})
    if (end.by === 'code' && end.code === 0) return
    const how =
      end.by === 'code' ? `ended with ${end.code}` : end.by === 'signal' ? `was ended by ${end.signal}` : end.reason
    const said = lastLines(stderr.length > 0 ? stderr : stdout)
    throw new DeployProblem(`${name} of ${id} ${how}${said === '' ? '' : `; it printed: ${said}`}`)
  } finally {
    clearInterval(again)
  }
}

/** Variables that bash, which is the `sh` of some machines, lets nobody set: it would end at once. */
const fixed: ReadonlySet<string> = new Set(['BASHOPTS', 'BASH_VERSINFO', 'EUID', 'PPID', 'SHELLOPTS', 'UID'])

/** Variables are read from standard input: a command line can be seen by others. */
export function scriptText(script: Script, folder: string, env: Readonly<Record<string, string>>): string {
  // Any other name is none that a shell could know.
  const known = Object.entries(env).filter(([name]) => /^[A-Za-z_]\w*$/.test(name))
  const exports = known.flatMap(([name, value]) => (fixed.has(name) ? [] : [`export ${name}=${shellWord(value)}\n`]))
  const others = known.flatMap(([name, value]) => (fixed.has(name) ? [`${name}=${shellWord(value)}`] : []))
  const line = typeof script === 'string' ? `sh -c ${shellWord(script)}` : script.map(shellWord).join(' ')
  const words = others.length === 0 ? line : `env ${others.join(' ')} ${line}`
  return `${exports.join('')}cd ${shellWord(folder)} || exit 1\nexec ${words} </dev/null\n`
}

function lastLines(output: Buffer): string {
  const lines = output
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim())
  return lines
    .filter((line) => line !== '')
    .slice(-shownLines)
    .join(' / ')
    .slice(-300)
}
