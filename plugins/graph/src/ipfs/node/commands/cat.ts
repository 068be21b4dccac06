import {args, count, type Call} from '../call.js'
import {read, readFile, sizeOf} from '../read-file.js'
import {resolve} from '../resolve.js'

/** The bytes of a file, or of several in a row. */
export async function cat(call: Call): Promise<void> {
  const {store} = call.node
  const paths = args(call, 'ipfs-path')
  let [skip, left] = [count(call, 'offset', 0), count(call, 'length', Infinity)]
  const parts = []
  for (const path of paths) {
    const found = await read(await resolve(path, store), store)
    const size = sizeOf(found)
    const range = {offset: Math.min(skip, size), length: Math.min(left, Math.max(0, size - skip))}
    skip -= range.offset
    left -= range.length
    parts.push({found, range})
  }
  const {response} = call
  response.writeHead(200, {
    'content-type': 'text/plain',
    'x-content-length': String(parts.reduce((sum, {range}) => sum + range.length, 0)),
    'x-stream-output': '1',
    trailer: 'X-Stream-Error',
  })
  for (const {found, range} of parts)
    for await (const bytes of readFile(found, range, store)) await written(call, bytes)
  response.end()
}

/** As fast as it is read at the other end. */
async function written({response}: Call, bytes: Buffer): Promise<void> {
  if (response.write(bytes)) return
  await new Promise<void>((done, failed) => {
    const closed = (): void => {
      failed(new Error('the caller is gone'))
    }
    response.once('close', closed)
    response.once('drain', () => {
      response.off('close', closed)
      done()
    })
  })
}
