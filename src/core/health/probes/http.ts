import {once} from 'node:events'
import http, {type IncomingMessage} from 'node:http'
import https from 'node:https'
import {StringDecoder} from 'node:string_decoder'
import {abortReason} from '../../base/clock.js'
import type {ProbeCheck} from '../../contract/probe.js'
import type {ProbeResult} from '../probe-result.js'
import {connectionProblem} from './connection-problem.js'
import {statusFits} from './expected-status.js'

type HttpCheck = Extract<ProbeCheck, {kind: 'http'}>

const bodyLimit = 64 * 1024
// One for all: `agent: false` makes a new one for every request. They keep no connection and hold nobody back.
const httpAgent = new http.Agent({keepAlive: false})
const httpsAgent = new https.Agent({keepAlive: false})

/** Asks once over a connection of its own and follows no redirect. Reads 64 KiB of the body, and only when it must contain something. */
export async function probeHttp(
  check: HttpCheck,
  signal: AbortSignal,
  mask: (text: string) => string = (text) => text,
): Promise<ProbeResult> {
  const url = URL.canParse(check.url) ? new URL(check.url) : undefined
  // Before it is cut: half of a secret is not known for one.
  const shown = shownUrl(mask(check.url))
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    return {
      ok: false,
      message: `http cannot ask '${shown}', expected a URL that starts with http:// or https://`,
    }
  }
  try {
    return await judge(check, shown, await ask(check, url, signal))
  } catch (error) {
    if (signal.aborted) throw abortReason(signal)
    return {ok: false, message: `http ${check.method} ${shown}: ${connectionProblem(error)}`}
  }
}

/** The URL as messages may show it: without what may be a secret. */
export function shownUrl(text: string): string {
  return URL.canParse(text) ? withoutSecrets(new URL(text)) : text.replace(/\?.*/s, '?…')
}

function withoutSecrets(url: URL): string {
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  shown.search = ''
  shown.hash = ''
  return url.search === '' ? shown.href : `${shown.href}?…`
}

function ask(check: HttpCheck, url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const headers = {'accept-encoding': 'identity', ...check.headers}
  const secure = url.protocol === 'https:'
  const options = {method: check.method, headers, agent: secure ? httpsAgent : httpAgent, signal}
  const asked = (secure ? https : http).request(url, options)
  return new Promise((resolve, reject) => {
    asked.once('response', resolve)
    asked.on('error', reject)
    asked.end()
  })
}

async function judge(check: HttpCheck, shown: string, response: IncomingMessage): Promise<ProbeResult> {
  const status = response.statusCode ?? 0
  const answer = `http ${status} from ${shown}`
  if (!statusFits(check.expectedStatus, status)) {
    await discard(response)
    return {ok: false, message: `${answer}, expected ${check.expectedStatus}`}
  }
  if (check.expectedBody === undefined) {
    await discard(response)
    return {ok: true, message: answer}
  }
  const found = await contains(response, check.expectedBody)
  const missing = `${answer}, expected a body that contains '${check.expectedBody}'`
  return {ok: found, message: found ? answer : missing}
}

/** Takes a body that came with the headers, so that the server sees an orderly end, and drops one that goes on. */
async function discard(response: IncomingMessage): Promise<void> {
  response.on('error', () => undefined)
  response.resume()
  await Promise.race([once(response, 'close'), new Promise((resolve) => setImmediate(resolve))])
  response.destroy()
}

async function contains(response: IncomingMessage, expected: string): Promise<boolean> {
  const decoder = new StringDecoder('utf8')
  let read = 0
  let window = ''
  for await (const chunk of response as AsyncIterable<Buffer>) {
    const part = chunk.subarray(0, bodyLimit - read)
    read += part.length
    window += decoder.write(part)
    if (window.includes(expected)) return true
    if (read >= bodyLimit) return false
    window = window.slice(-expected.length)
  }
  return window.includes(expected)
}
