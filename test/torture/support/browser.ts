import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {access, mkdtemp, readFile, rm} from 'node:fs/promises'
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {json} from 'node:stream/consumers'
import {processesNaming} from '../../support/harness.js'

/** The path of a Chromium on this machine. */
export async function findBrowser(): Promise<string | undefined> {
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const folders = (process.env['PATH'] ?? '').split(':')
  for (const file of names.flatMap((name) => folders.map((folder) => path.join(folder, name)))) {
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return file
  }
  return undefined
}

export interface PageReport {
  /** Its origin. */
  readonly page: string
  /** What came of each address: `open`, `read …`, `nothing to read …` or `error …`. */
  readonly results: Readonly<Record<string, string>>
}

export interface PagesOptions {
  readonly browser: string | undefined
  /** What the pages try to reach. */
  readonly urls: readonly string[]
  /** The user has clicked every warning about certificates away. */
  readonly isTrusting: boolean
}

/** Opens a page of 127.0.0.1 and one of evil.example, a name that leads to this machine as well, and answers what they have achieved. */
export async function openPages({browser = '', urls, isTrusting}: PagesOptions): Promise<readonly PageReport[]> {
  const reports: PageReport[] = []
  const html = await readFile(new URL('page.html', import.meta.url))
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      void json(request).then((report) => {
        response.end()
        reports.push(report as PageReport)
        server.emit('report')
      })
    } else if (request.url === '/') response.setHeader('Content-Type', 'text/html').end(html)
    else response.end(request.url === '/urls' ? JSON.stringify(urls) : '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  try {
    for (const host of ['127.0.0.1', 'evil.example']) {
      await visit(server, browser, [`http://${host}:${port}/`, ...(isTrusting ? ['--ignore-certificate-errors'] : [])])
    }
  } finally {
    server.close()
    server.closeAllConnections()
  }
  return reports
}

async function visit(server: Server, browser: string, args: readonly string[]): Promise<void> {
  const profile = await mkdtemp(path.join(tmpdir(), 'harness-browser-'))
  const signal = AbortSignal.timeout(30_000)
  const options = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-dev-shm-usage',
    '--no-first-run',
    '--no-proxy-server',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-breakpad',
    '--host-resolver-rules=MAP evil.example 127.0.0.1',
    `--user-data-dir=${profile}`,
  ]
  let output = ''
  const child = spawn(browser, [...options, ...args], {
    // It gets nothing of ours but what a program needs.
    env: {PATH: process.env['PATH'], HOME: profile, TMPDIR: profile},
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  child.stderr.on('data', (data: Buffer) => (output += data.toString()))
  const ended = once(child, 'close')
  try {
    await Promise.race([
      once(server, 'report', {signal}),
      ended.then(() => Promise.reject(new Error(`The browser has ended early: ${output}`))),
    ])
  } finally {
    if (child.pid !== undefined) kill(-child.pid)
    for (const pid of await processesNaming(profile)) kill(pid)
    await ended
    await rm(profile, {recursive: true, force: true, maxRetries: 5})
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}
