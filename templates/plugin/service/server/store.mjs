// What the service type runs. It stands for the program that yours is about: a database, a chain, a queue.
import {createServer} from 'node:http'
import {text} from 'node:stream/consumers'
import {parseArgs} from 'node:util'

const {values} = parseArgs({options: {port: {type: 'string'}}})
const kept = new Map()

const server = createServer((request, response) => {
  answer(request)
    .then(([status, body = '']) => response.writeHead(status).end(body))
    .catch((error) => response.writeHead(500).end(String(error)))
})

server.listen(Number(values.port), '127.0.0.1', () => {
  console.log(`listening on ${values.port}`)
})

process.on('SIGTERM', () => {
  server.close(() => process.exit(0))
  server.closeAllConnections()
})

/** The status and the body. */
async function answer(request) {
  const {pathname} = new URL(request.url, 'http://localhost')
  if (pathname === '/health') return [200, 'ok']
  if (pathname === '/keys') return [200, JSON.stringify([...kept.keys()].sort())]
  if (!pathname.startsWith('/keys/')) return [404]
  const key = decodeURIComponent(pathname.slice('/keys/'.length))
  if (request.method !== 'PUT') return kept.has(key) ? [200, kept.get(key)] : [404]
  kept.set(key, await text(request))
  console.log(`stored ${key}`)
  return [204]
}
