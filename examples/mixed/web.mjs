// What people look at: the cities, and the way that they have come.
import {createServer} from 'node:http'

const {PORT, EDGE_URL} = process.env

createServer(async (request, response) => {
  if (request.url === '/health') return response.end('ok\n')
  try {
    const {through = [], cities, asked, error} = await (await fetch(EDGE_URL)).json()
    if (error) throw new Error(error)
    response.end(`${['web', ...through].join(' → ')}\n${cities.join(', ')}\nasked for ${asked} times\n`)
    console.log('web: answered')
  } catch (error) {
    console.error(`${request.method} ${request.url}: ${error.message}`)
    response.writeHead(502).end(`${error.message}\n`)
  }
}).listen(Number(PORT), '127.0.0.1', () => console.log('web: ready'))
