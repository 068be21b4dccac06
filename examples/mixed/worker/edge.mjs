// Passes on what the api says, with its own name before it.
import {createServer} from 'node:http'

const {PORT, API_URL} = process.env

createServer(async (request, response) => {
  if (request.url === '/health') return response.end('ok\n')
  try {
    const value = await (await fetch(API_URL)).json()
    console.log('edge: passed on')
    response.end(`${JSON.stringify({...value, through: ['edge', ...(value.through ?? [])]})}\n`)
  } catch (error) {
    console.error(`${request.method} ${request.url}: ${error.message}`)
    response.writeHead(502).end(`${JSON.stringify({error: error.message})}\n`)
  }
}).listen(Number(PORT), '127.0.0.1', () => console.log('edge: ready'))
