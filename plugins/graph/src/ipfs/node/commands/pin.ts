import {answer, answerLine, args, flag, type Call} from '../call.js'
import {formatCid} from '../cid.js'
import {NodeError} from '../node-error.js'
import type {PinKind} from '../pins.js'
import {resolve} from '../resolve.js'

export async function pinAdd(call: Call): Promise<void> {
  const {store, pins} = call.node
  const added: string[] = []
  for (const path of args(call, 'ipfs-path')) {
    const cid = await resolve(path, store)
    await pins.add(cid, flag(call, 'recursive', true) ? 'recursive' : 'direct').catch((error: unknown) => {
      throw error instanceof NodeError ? new NodeError(`pin: ${error.message}`) : error
    })
    added.push(formatCid(cid))
  }
  answer(call, {Pins: added})
}

export async function pinRm(call: Call): Promise<void> {
  const {store, pins} = call.node
  const removed: string[] = []
  for (const path of args(call, 'ipfs-path')) {
    const cid = await resolve(path, store)
    await pins.remove(cid)
    removed.push(formatCid(cid))
  }
  answer(call, {Pins: removed})
}

const kinds: readonly string[] = ['direct', 'indirect', 'recursive', 'all']

export async function pinLs(call: Call): Promise<void> {
  const kind = call.query.get('type') ?? 'all'
  if (!kinds.includes(kind))
    throw new NodeError(`invalid type '${kind}', must be one of {direct, indirect, recursive, all}`)
  const paths = call.query.getAll('arg')
  const found = paths.length > 0 ? await ofPaths(call, paths, kind) : await ofKind(call, kind)
  if (!flag(call, 'stream')) {
    const Keys = Object.fromEntries([...found].map(([cid, Type]) => [cid, {Type, Name: ''}]))
    answer(call, found.size === 0 ? {} : {Keys})
    return
  }
  for (const [Cid, Type] of found) answerLine(call, {Cid, Type})
  call.response.end()
}

async function ofKind({node: {pins}}: Call, kind: string): Promise<ReadonlyMap<string, string>> {
  const own = [...pins.list()].filter(([, each]) => kind === 'all' || kind === each)
  const below = kind === 'all' || kind === 'indirect' ? [...(await pins.indirect()).keys()] : []
  return new Map<string, string>([...below.map((cid) => [cid, 'indirect'] as const), ...own])
}

async function ofPaths(
  {node: {pins, store}}: Call,
  paths: readonly string[],
  kind: string,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const path of paths) {
    const cid = formatCid(await resolve(path, store))
    const own: PinKind | undefined = pins.list().get(cid)
    const above = own === undefined ? (await pins.indirect()).get(cid) : undefined
    const is = own ?? (above === undefined ? undefined : `indirect through ${above}`)
    if (is === undefined || (kind !== 'all' && !is.startsWith(kind)))
      throw new NodeError(`path '${path}' is not pinned`)
    found.set(cid, is)
  }
  return found
}
