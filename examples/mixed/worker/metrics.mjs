// Counts: POST /NAME adds one to NAME, and answers how many that are.
import {createServer} from 'node:http'

const counts = new Map()

createServer((request, response) => {
  const name = request.url.slice(1)
  if (request.method === 'POST') counts.set(name, (counts.get(name) ?? 0) + 1)
  response.end(`${counts.get(name) ?? 0}\n`)
}).listen(9100, '127.0.0.1', () => console.log('metrics: ready'))
