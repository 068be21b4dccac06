import {answer, args, type Call} from '../call.js'
import {formatCid} from '../cid.js'
import {resolve} from '../resolve.js'

export async function blockStat(call: Call): Promise<void> {
  const {store} = call.node
  const [path = ''] = args(call, 'cid')
  const cid = await resolve(path, store)
  answer(call, {Key: formatCid(cid), Size: (await store.get(cid)).length})
}

export async function blockGet(call: Call): Promise<void> {
  const {store} = call.node
  const [path = ''] = args(call, 'cid')
  const block = await store.get(await resolve(path, store))
  call.response.writeHead(200, {'content-type': 'application/octet-stream', 'x-stream-output': '1'})
  call.response.end(block)
}
