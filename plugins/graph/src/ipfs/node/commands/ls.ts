import {answer, args, type Call} from '../call.js'
import {codecs, formatCid, type Cid} from '../cid.js'
import {read} from '../read-file.js'
import {resolve} from '../resolve.js'

const [folderType, fileType] = [1, 2]

/** What is in folders. */
export async function ls(call: Call): Promise<void> {
  const {store} = call.node
  const Objects = []
  for (const path of args(call, 'ipfs-path')) {
    const found = await read(await resolve(path, store), store)
    const links = found.kind === 'node' && found.fs.kind === 'folder' ? found.links : []
    const Links = []
    for (const {name, cid} of links)
      Links.push({Name: name, Hash: formatCid(cid), ...(await describe(call, cid)), Target: ''})
    Objects.push({Hash: path, Links})
  }
  answer(call, {Objects})
}

async function describe({node: {store}}: Call, cid: Cid): Promise<{readonly Size: number; readonly Type: number}> {
  const found = await read(cid, store)
  if (cid.codec === codecs.raw || found.kind === 'raw')
    return {Size: found.kind === 'raw' ? found.block.length : 0, Type: fileType}
  return {Size: found.fs.fileSize, Type: found.fs.kind === 'folder' ? folderType : fileType}
}
