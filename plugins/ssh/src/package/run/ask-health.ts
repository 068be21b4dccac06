import {request, type IncomingMessage} from 'node:http'
import type {Socket} from 'node:net'
import type {RemoteHost} from '../../host/remote-host.js'
import {scriptText} from '../install/run-script.js'
import type {HealthQuestion} from '../manifest.js'
import {wordsOf} from '../problem.js'

export interface HealthAnswer {
  readonly ok: boolean
  /** In words. */
  readonly message: string
}

/** With what a program there is asked. */
export interface HealthMeans {
  readonly host: RemoteHost
  /** In which commands run. */
  readonly folder: string
  /** For commands. */
  readonly env: Readonly<Record<string, string>>
  /** For one answer, in milliseconds. */
  readonly timeoutMs: number
}

const bodyLimit = 64 * 1024

/** Asks once, on the machine of the program. What goes wrong is an answer; rejects only when the signal aborts. */
export async function askHealth(check: HealthQuestion, means: HealthMeans, signal: AbortSignal): Promise<HealthAnswer> {
  const late = AbortSignal.timeout(means.timeoutMs)
  try {
    return await ask(check, means, AbortSignal.any([signal, late]))
  } catch (error) {
    signal.throwIfAborted()
    const why = late.aborted ? `no answer within ${means.timeoutMs / 1000} s` : wordsOf(error)
    return {ok: false, message: `${shown(check)}: ${why}`}
  }
}

function shown(check: HealthQuestion): string {
  switch (check.kind) {
    case 'http':
      return `http ${check.url.replace(/\?.*/s, '?…')}`
    case 'tcp':
      return `tcp ${check.host}:${check.port}`
    case 'command':
      return `command '${typeof check.command === 'string' ? check.command : (check.command[0] ?? '')}'`
  }
}

async function ask(check: HealthQuestion, means: HealthMeans, signal: AbortSignal): Promise<HealthAnswer> {
  switch (check.kind) {
    case 'tcp': {
      using _connection = await means.host.dial({host: check.host, port: Number(check.port)}, signal)
      return {ok: true, message: `${shown(check)} accepts connections`}
    }
    case 'http':
      return await askHttp(check, means.host, signal)
    case 'command': {
      const input = scriptText(check.command, means.folder, means.env)
      const {end, stdout, stderr} = await means.host.run('exec sh', {input, signal})
      if (end.by === 'lost') throw new Error(end.reason)
      if (end.by === 'code' && end.code === 0) return {ok: true, message: `${shown(check)} exited with code 0`}
      const how = end.by === 'code' ? `exited with code ${end.code}` : `was ended by ${end.signal}`
      const said = (stderr.length > 0 ? stderr : stdout).toString('utf8').trim().split('\n').at(-1) ?? ''
      return {ok: false, message: `${shown(check)} ${how}${said === '' ? '' : `: ${said.slice(0, 200)}`}`}
    }
  }
}

type HttpQuestion = Extract<HealthQuestion, {kind: 'http'}>

async function askHttp(check: HttpQuestion, host: RemoteHost, signal: AbortSignal): Promise<HealthAnswer> {
  const url = new URL(check.url)
  const port = url.port === '' ? 80 : Number(url.port)
  using connection = await host.dial({host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port}, signal)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request(url, {agent: false, signal, createConnection: () => asSocket(connection)})
    asked.once('response', resolve)
    asked.once('error', reject)
    asked.end()
  })
  const status = response.statusCode ?? 0
  const answer = `http ${status} from ${check.url.replace(/\?.*/s, '?…')}`
  const isExpected = check.expectedStatus.split(',').some((range) => {
    const [low, high = low] = range.split('-').map(Number)
    return low !== undefined && high !== undefined && status >= low && status <= high
  })
  if (!isExpected) return {ok: false, message: `${answer}, expected ${check.expectedStatus}`}
  if (check.expectedBody === undefined || (await bodyOf(response)).includes(check.expectedBody))
    return {ok: true, message: answer}
  return {ok: false, message: `${answer}, expected a body that contains '${check.expectedBody}'`}
}

async function bodyOf(response: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const part of response) {
    text += part.toString('utf8')
    if (text.length > bodyLimit) break
  }
  return text
}

/** What the library of HTTP asks of a connection beside reading and writing. */
function asSocket(connection: NodeJS.ReadWriteStream): Socket {
  const nothing = () => connection
  const absent = {setKeepAlive: nothing, setNoDelay: nothing, setTimeout: nothing, ref: nothing, unref: nothing}
  for (const [name, act] of Object.entries(absent))
    if (!(name in connection)) Object.defineProperty(connection, name, {value: act})
  return connection as unknown as Socket
}
