// Cities and how often each was visited: GET /cities, POST /visits/KEY.
import {createServer} from 'node:http'
import pg from 'pg'

const pool = new pg.Pool({connectionString: process.env.DATABASE_URL})
// The database was restarted: the next question opens a new connection.
pool.on('error', (error) => console.error(`a connection was lost: ${error.message}`))

async function answer(request) {
  const {pathname} = new URL(request.url, 'http://api')
  const [, key] = /^\/visits\/([a-z]+)$/.exec(pathname) ?? []
  if (pathname === '/health') return (await pool.query('SELECT 1 AS ok')).rows[0]
  if (pathname === '/cities') return (await pool.query('SELECT key, visits FROM cities ORDER BY key')).rows
  if (key && request.method === 'POST') {
    const {rows} = await pool.query('UPDATE cities SET visits = visits + 1 WHERE key = $1 RETURNING key, visits', [key])
    return rows[0]
  }
  return undefined
}

createServer(async (request, response) => {
  try {
    const value = await answer(request)
    response.writeHead(value ? 200 : 404, {'content-type': 'application/json'})
    response.end(`${JSON.stringify(value ?? {error: 'not found'})}\n`)
  } catch (error) {
    console.error(`${request.method} ${request.url}: ${error.message}`)
    response.writeHead(502).end(`${JSON.stringify({error: error.message})}\n`)
  }
  // At all addresses: the worker comes from a container.
}).listen(Number(process.env.PORT), () => console.log('api: ready'))
