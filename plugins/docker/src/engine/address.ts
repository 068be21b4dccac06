import {createHash} from 'node:crypto'
import {readFile} from 'node:fs/promises'
import {existsSync} from 'node:fs'
import path from 'node:path'

/** Where the engine is, found as the `docker` program finds it. */
export interface EngineAddress {
  /** As in DOCKER_HOST: `unix:///var/run/docker.sock`, `tcp://host:2376`, `ssh://user@host`. */
  readonly host: string
  /** Folder with ca.pem, cert.pem and key.pem; the engine's certificate is always checked. Missing: no TLS. */
  readonly tls?: {readonly directory: string}
  /** What decided: for people. */
  readonly from: string
}

type Environment = Readonly<Record<string, string | undefined>>

const usualSocket = '/var/run/docker.sock'

/** DOCKER_CONTEXT, else DOCKER_HOST, else the current context, else the socket of the machine, or that of a rootless engine. Throws in words. */
export async function engineAddress(env: Environment, home: string): Promise<EngineAddress> {
  const directory = env['DOCKER_CONFIG'] ?? path.join(home, '.docker')
  const named = env['DOCKER_CONTEXT']
  if (!named && env['DOCKER_HOST']) return fromHost(env['DOCKER_HOST'], env, directory)
  const context = named ?? (await currentContext(directory))
  if (context !== undefined && context !== '' && context !== 'default') return await fromContext(context, directory)
  const rootless = env['XDG_RUNTIME_DIR'] && path.join(env['XDG_RUNTIME_DIR'], 'docker.sock')
  const socket = rootless && !existsSync(usualSocket) && existsSync(rootless) ? rootless : usualSocket
  return {host: `unix://${socket}`, from: 'the usual socket'}
}

function fromHost(host: string, env: Environment, directory: string): EngineAddress {
  if (!isAddress(host)) {
    throw new Error(`DOCKER_HOST is '${host}', where unix://PATH, tcp://HOST:PORT or ssh://USER@HOST is expected`)
  }
  const hasTls = Boolean(env['DOCKER_TLS_VERIFY']) || Boolean(env['DOCKER_TLS'])
  return {
    host,
    from: 'DOCKER_HOST',
    ...(hasTls && host.startsWith('tcp:') && {tls: {directory: env['DOCKER_CERT_PATH'] ?? directory}}),
  }
}

function isAddress(host: string): boolean {
  return host.startsWith('unix://')
    ? host.length > 'unix://'.length
    : /^(tcp|https?|ssh):\/\/[^/]/.test(host) && URL.canParse(host)
}

async function currentContext(directory: string): Promise<string | undefined> {
  const config = await readJson(path.join(directory, 'config.json'))
  const name = config?.['currentContext']
  return typeof name === 'string' ? name : undefined
}

async function fromContext(name: string, directory: string): Promise<EngineAddress> {
  const id = createHash('sha256').update(name).digest('hex')
  const meta = await readJson(path.join(directory, 'contexts', 'meta', id, 'meta.json'))
  const endpoints = meta?.['Endpoints'] as {docker?: {Host?: string}} | undefined
  const host = endpoints?.docker?.Host
  if (!host) throw new Error(`there is no docker context '${name}' in '${directory}'`)
  const tls = path.join(directory, 'contexts', 'tls', id, 'docker')
  return {
    host,
    from: `docker context '${name}'`,
    ...(existsSync(tls) && {tls: {directory: tls}}),
  }
}

async function readJson(file: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Readonly<Record<string, unknown>>
  } catch {
    return undefined
  }
}

/** The machine that the engine runs on, where that is another one. */
export function machineOf({host}: EngineAddress): string | undefined {
  if (!/^(ssh|tcp|https?):\/\//.test(host)) return undefined
  const {hostname} = new URL(host.replace(/^(ssh|tcp):/, 'http:'))
  return ['127.0.0.1', '[::1]', 'localhost'].includes(hostname) ? undefined : hostname
}
