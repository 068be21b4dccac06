import type {RemoteHost} from '../../host/remote-host.js'
import {DeployProblem} from './deploy-problem.js'
import {shellWord} from '../../host/shell-words.js'

/** Where the versions of one package are on a machine, and with what they are worked on. */
export interface Place {
  readonly host: RemoteHost
  /** Absolute, there. */
  readonly root: string
  readonly signal: AbortSignal
  /** One line about long work. */
  readonly say: (message: string) => void
}

/** What is in the folder of a package beside the versions. */
export const names = {versions: 'versions', uploads: 'uploads', current: 'current', state: 'state.json'} as const

type Means = Omit<Place, 'root'>

/** Makes the folder of a package. `path`: absolute, or from the home folder there. */
export async function makePlace(path: string | undefined, name: string, means: Means): Promise<Place> {
  const there = folderThere(path, name)
  const script = `umask 077; mkdir -p ${there}/${names.versions} ${there}/${names.uploads} && cd ${there} && pwd -P`
  const root = await runThere(means, script, `make '${path ?? `the folder of ${name}`}'`)
  return {...means, root: root.trimEnd()}
}

/** The folder of a package that is there; `undefined`: none is. */
export async function findPlace(path: string | undefined, name: string, means: Means): Promise<Place | undefined> {
  const there = folderThere(path, name)
  const root = await runThere(means, `if [ -d ${there} ]; then cd ${there} && pwd -P; fi`, `look for ${name}`)
  return root === '' ? undefined : {...means, root: root.trimEnd()}
}

/** Read by the shell there. */
function folderThere(path: string | undefined, name: string): string {
  const [top = '', ...rest] = (path ?? `~/.local/share/harness/packages/${name}`).split('/')
  if (top === '') return shellWord(['', ...rest].join('/'))
  return ['"$HOME"', ...(top === '~' ? rest : [top, ...rest]).map(shellWord)].join('/')
}

interface Script {
  /** For its standard input. */
  readonly input?: string
}

/** Runs lines of the shell there and answers what they print. DEPLOY_FAILED when they end with another code than 0. `what`: what could not be done. */
export async function runThere(
  {host, signal}: Pick<Place, 'host' | 'signal'>,
  script: string,
  what: string,
  options: Script = {},
): Promise<string> {
  const {end, stdout, stderr} = await host.run(script, {...options, limit: 16 * 1024 * 1024, signal})
  if (end.by === 'code' && end.code === 0) return stdout.toString('utf8')
  const how = end.by === 'code' ? `code ${end.code}` : end.by === 'signal' ? end.signal : end.reason
  throw new DeployProblem(`cannot ${what} on ${host.name}: ${lastLine(stderr) ?? lastLine(stdout) ?? how}`)
}

function lastLine(output: Buffer): string | undefined {
  const line = output.toString('utf8').trim().split('\n').at(-1)?.trim()
  return line === '' ? undefined : line
}
