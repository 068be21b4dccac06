import {spawn} from 'node:child_process'
import {readFile} from 'node:fs/promises'
import {Agent} from 'node:http'
import path from 'node:path'
import {Duplex} from 'node:stream'
import type Docker from 'dockerode'
import type {EngineAddress} from './address.js'

/** Opens the door to an engine; says nothing to it yet. The library is loaded here, by those who need it. */
export async function connectTo(address: EngineAddress): Promise<Docker> {
  const {default: Dockerode} = await import('dockerode')
  return new Dockerode(await optionsFor(address))
}

/** The library reads DOCKER_HOST and its like for itself, which knows nothing of contexts. */
const nothingElse = {
  protocol: 'http',
  host: undefined,
  port: undefined,
  socketPath: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
} as unknown as Docker.DockerOptions

async function optionsFor(address: EngineAddress): Promise<Docker.DockerOptions> {
  const {host} = address
  if (host.startsWith('unix://')) return {...nothingElse, socketPath: host.slice('unix://'.length)}
  const url = new URL(host.replace(/^tcp:/, address.tls ? 'https:' : 'http:'))
  if (url.protocol === 'ssh:') {
    const behind = {...nothingElse, host: 'docker', port: 80, agent: sshAgent(url)}
    return behind
  }
  const port = url.port || (address.tls ? '2376' : '2375')
  const plain = {...nothingElse, protocol: url.protocol.slice(0, -1) as 'http' | 'https', host: url.hostname, port}
  if (!address.tls) return plain
  const {directory} = address.tls
  const read = (name: string): Promise<Buffer> => readFile(path.join(directory, name))
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')])
  return {...plain, ca, cert, key}
}

/**
 * Connections as the `docker` program makes them to a host behind SSH: through the user's own `ssh`, which knows the keys, the configuration and the
 * host keys. Few of them, and kept open.
 */
function sshAgent({username, hostname, port, pathname}: URL): Agent {
  const destination = username ? `${decodeURIComponent(username)}@${hostname}` : hostname
  const dial = ['docker', ...(pathname.length > 1 ? ['--host', `unix://${pathname}`] : []), 'system', 'dial-stdio']
  const args = ['-o', 'ConnectTimeout=30', '-T', ...(port ? ['-p', port] : []), '--', destination, ...dial]
  class SshAgent extends Agent {
    override createConnection(): Duplex {
      const {stdin, stdout} = spawn('ssh', args, {stdio: ['pipe', 'pipe', 'ignore']})
      return Object.assign(Duplex.from({readable: stdout, writable: stdin}), {
        setKeepAlive: () => undefined,
        setNoDelay: () => undefined,
        setTimeout: () => undefined,
        ref: () => undefined,
        unref: () => undefined,
      })
    }
  }
  return new SshAgent({keepAlive: true, maxSockets: Infinity, maxFreeSockets: 2})
}
