import {spawn, type ChildProcessWithoutNullStreams} from 'node:child_process'
import {once} from 'node:events'
import {existsSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {Agent} from 'node:http'
import path from 'node:path'
import {Duplex} from 'node:stream'
import {setTimeout as sleep} from 'node:timers/promises'
import type Docker from 'dockerode'
import type {EngineAddress} from './address.js'
import {sshCode, wordsOf} from './problem.js'

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
  const ca = await read('ca.pem')
  // An engine may ask nobody who they are. Half of a pair is a mistake.
  if (!['cert.pem', 'key.pem'].some((name) => existsSync(path.join(directory, name)))) return {...plain, ca}
  const [cert, key] = await Promise.all([read('cert.pem'), read('key.pem')])
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
      return Object.assign(dialled(spawn('ssh', args)), {
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

const saidBytes = 1000
/** What `ssh` says last may come a little after its end; what it leaves in the background may keep its stream open. */
const lastWordsMs = 100

/** The streams of an `ssh`. They break with what it says last, or with why it cannot be run. */
function dialled(ssh: ChildProcessWithoutNullStreams): Duplex {
  const stream = new Duplex({
    read: () => ssh.stdout.resume(),
    write(chunk, encoding, done) {
      // Where it cannot be written, its end says why.
      ssh.stdin.write(chunk, encoding, (error) => {
        if (!error) done()
      })
    },
    final: (done) => ssh.stdin.end(done),
    destroy(error, done) {
      ssh.stdin.destroy()
      ssh.stdout.destroy()
      done(error)
    },
  })
  ssh.stdin.on('error', () => undefined)
  ssh.stdout.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) ssh.stdout.pause()
  })
  void whyEnded(ssh).then((error) => {
    if (error) stream.destroy(error)
    else stream.push(null)
  })
  return stream
}

async function whyEnded(ssh: ChildProcessWithoutNullStreams): Promise<Error | undefined> {
  let said = ''
  ssh.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-saidBytes)))
  const outputs = [ssh.stdout, ssh.stderr].map((output) => new Promise((resolve) => output.once('close', resolve)))
  try {
    const [code] = (await once(ssh, 'exit')) as [number | null]
    await Promise.race([Promise.all(outputs), sleep(lastWordsMs)])
    if (code === 0) return undefined
    return sshProblem(said.trim().split(/\s*\n/).at(-1) || `ssh has ended with exit code ${code}`)
  } catch (error) {
    return sshProblem((error as NodeJS.ErrnoException).code === 'ENOENT' ? 'ssh is not installed' : wordsOf(error))
  }
}

function sshProblem(message: string): Error {
  return Object.assign(new Error(message), {code: sshCode})
}
