// The cities, from the store of the one machine, and how often they were asked for, from the metrics of the other.
import {createServer} from 'node:http'

const {PORT, DATABASE_URL, METRICS_URL} = process.env

async function text(url, options) {
  const answer = await fetch(url, options)
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`)
  return (await answer.text()).trim()
}

async function cities() {
  const list = await text(`${DATABASE_URL}/cgi-bin/cities`)
  const asked = await text(`${METRICS_URL}/api`, {method: 'POST'})
  console.log(`api: asked ${asked} times`)
  return {through: ['api'], cities: list.split('\n'), asked: Number(asked)}
}

createServer(async (request, response) => {
  try {
    const value = request.url === '/health' ? {ok: true} : await cities()
    response.writeHead(200, {'content-type': 'application/json'}).end(`${JSON.stringify(value)}\n`)
  } catch (error) {
    console.error(`${request.method} ${request.url}: ${error.message}`)
    response.writeHead(502).end(`${JSON.stringify({error: error.message})}\n`)
  }
}).listen(Number(PORT), '127.0.0.1', () => console.log('api: ready'))
