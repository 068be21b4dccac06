import path from 'node:path'
import {askText, type Wire} from '../shared/http.js'

/** Puts bytes on IPFS, pinned. Answers their CID. */
export async function ipfsAdd(url: string, name: string, bytes: Uint8Array, wire: Wire): Promise<string> {
  const form = new FormData()
  // Of a name with folders Kubo makes folders, whose CIDs come last.
  form.append('file', new Blob([new Uint8Array(bytes)]), path.posix.basename(name))
  const peer = {what: 'IPFS', url: `${url}/api/v0/add?cid-version=0&pin=true`}
  const {status, text} = await askText(peer, {method: 'POST', body: form}, wire)
  const hash = status === 200 ? hashIn(text) : undefined
  if (hash !== undefined) return hash
  throw wire.services.error('ACTION_FAILED', {
    subject: 'IPFS',
    reason: `IPFS at ${url} does not take ${name}: it answers ${status}: ${text.trim().slice(0, 200)}`,
  })
}

/** A line of JSON for each file. */
function hashIn(text: string): string | undefined {
  try {
    const {Hash} = JSON.parse(text.trim().split('\n').at(-1) ?? '') as {readonly Hash?: unknown}
    return typeof Hash === 'string' ? Hash : undefined
  } catch {
    return undefined
  }
}
