import {readFile} from 'node:fs/promises'
import {homedir} from 'node:os'
import path from 'node:path'
import type {PluginServices} from '@service-harness/cli/plugin'

interface Login {
  readonly username: string
  readonly password: string
  readonly serveraddress: string
}

interface DockerConfig {
  readonly auths?: Readonly<Record<string, {readonly auth?: string}>>
  readonly credsStore?: string
  readonly credHelpers?: Readonly<Record<string, string>>
}

const hub = 'https://index.docker.io/v1/'
const hubNames: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io'])

/** What `docker login` has remembered for the registry of an image; `undefined` where it has not. Never in a command line. */
export async function registryLogin(
  image: string,
  services: PluginServices,
  signal: AbortSignal,
): Promise<Login | undefined> {
  const registry = registryOf(image)
  const config = await readConfig()
  const helper = config.credHelpers?.[registry] ?? config.credsStore
  if (helper !== undefined) return fromHelper(helper, registry, services, signal)
  const auth = config.auths?.[registry]?.auth
  if (auth === undefined) return undefined
  const [username = '', ...password] = Buffer.from(auth, 'base64').toString('utf8').split(':')
  return {username, password: password.join(':'), serveraddress: registry}
}

/** The first part of a name is a registry when it looks like a host. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/')
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  return isRegistry && !hubNames.has(first) ? first : hub
}

async function fromHelper(
  helper: string,
  registry: string,
  services: PluginServices,
  signal: AbortSignal,
): Promise<Login | undefined> {
  const {status, stdout} = await services.run(
    {program: `docker-credential-${helper}`, args: ['get'], env: environment(), stdin: {text: registry}},
    signal,
  )
  if (status.by !== 'code' || status.code !== 0) return undefined
  const {Username, Secret} = JSON.parse(stdout) as {Username?: string; Secret?: string}
  return Username && Secret ? {username: Username, password: Secret, serveraddress: registry} : undefined
}

function environment(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

async function readConfig(): Promise<DockerConfig> {
  const file = path.join(process.env['DOCKER_CONFIG'] ?? path.join(homedir(), '.docker'), 'config.json')
  try {
    return JSON.parse(await readFile(file, 'utf8')) as DockerConfig
  } catch {
    return {}
  }
}
