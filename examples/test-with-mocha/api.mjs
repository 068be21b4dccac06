// POST /count asks the store. GET /health answers whatever the store does.
import {once} from 'node:events'
import {createServer} from 'node:http'
import {connect} from 'node:net'

createServer(async (request, response) => {
  if (request.url === '/health') return response.end('ok')
  try {
    response.end(await count())
  } catch (error) {
    console.error(`the store does not answer: ${error.message}`)
    response.writeHead(503).end()
  }
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('the api listens'))

async function count() {
  const socket = connect(Number(process.env.STORE_PORT), '127.0.0.1')
  socket.write('count\n')
  const [answer] = await once(socket, 'data')
  socket.destroy()
  return answer.toString().trim()
}
