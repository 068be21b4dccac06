// Counts the lines that it is sent, and answers each with how many there were.
import {createServer} from 'node:net'
import {createInterface} from 'node:readline'

let count = 0
createServer((socket) => {
  socket.on('error', () => undefined)
  createInterface(socket).on('line', () => socket.write(`${(count += 1)}\n`))
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('the store counts'))
