import {createHash, createHmac, timingSafeEqual} from 'node:crypto'
import {readFile} from 'node:fs/promises'
import {matchesPatterns} from '../address/match-pattern.js'
import type {Address} from '../address/resolve-address.js'

/** A line of a known_hosts file. */
export interface KnownKey {
  /** `FILE:LINE`, for people. */
  readonly at: string
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly marker?: 'cert-authority' | 'revoked'
  /** As written: patterns with commas between them, or one that is hashed. */
  readonly hosts: string
  readonly type: string
  readonly key: Buffer
}

/** What the files say of a key that a host shows. */
export type Verdict =
  | {readonly is: 'known'}
  | {readonly is: 'revoked'; readonly by: KnownKey}
  | {readonly is: 'changed'; readonly from: KnownKey}
  /** `others`: keys of other kinds, or authorities, that are known of it. */
  | {readonly is: 'unknown'; readonly others: readonly KnownKey[]}

/** All lines of the files, in order. What is no line of a key is passed over, as OpenSSH does. */
export async function readKnownHosts(files: readonly string[]): Promise<readonly KnownKey[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
  return texts.flatMap((text, index) => knownKeysIn(text, files[index] ?? ''))
}

function knownKeysIn(text: string, file: string): readonly KnownKey[] {
  return text.split('\n').flatMap((written, index) => {
    const line = index + 1
    const [, marker, hosts, type, base64] =
      /^\s*(?:@(cert-authority|revoked)\s+)?([^\s@#]\S*)\s+(\S+)\s+([A-Za-z0-9+/]+=*)/.exec(written) ?? []
    if (hosts === undefined || type === undefined || base64 === undefined) return []
    const key = Buffer.from(base64, 'base64')
    if (typeOfKey(key) !== type) return []
    const marked = marker === undefined ? {} : {marker: marker as 'cert-authority' | 'revoked'}
    return [{at: `${file}:${line}`, file, line, ...marked, hosts, type, key}]
  })
}

/** The name by which a host is known: with the port, where it is another than 22. */
export function knownName({hostKeyAlias, host, port}: Address): string {
  const name = (hostKeyAlias ?? host).toLowerCase()
  return hostKeyAlias !== undefined || port === 22 ? name : `[${name}]:${port}`
}

/** Keys known by that name. */
export function knownOf(keys: readonly KnownKey[], address: Address): readonly KnownKey[] {
  const name = knownName(address)
  return keys.filter((key) => isNamed(key, name))
}

/** What is known of it at port 22: the same key there makes it known here, another one nothing. */
function knownAnywhere(keys: readonly KnownKey[], {host, port, hostKeyAlias}: Address): readonly KnownKey[] {
  return hostKeyAlias !== undefined || port === 22 ? [] : keys.filter((key) => isNamed(key, host.toLowerCase()))
}

export function judge(keys: readonly KnownKey[], address: Address, shown: Buffer): Verdict {
  const known = knownOf(keys, address)
  const elsewhere = knownAnywhere(keys, address)
  const by = [...known, ...elsewhere].find(({marker, key}) => marker === 'revoked' && key.equals(shown))
  if (by) return {is: 'revoked', by}
  const plain = known.filter(({marker}) => marker === undefined)
  if (plain.some(({key}) => key.equals(shown))) return {is: 'known'}
  const from = plain.find(({type}) => type === typeOfKey(shown))
  if (from) return {is: 'changed', from}
  const isKnownElsewhere = elsewhere.some(({marker, key}) => marker === undefined && key.equals(shown))
  return isKnownElsewhere ? {is: 'known'} : {is: 'unknown', others: known.filter(({marker}) => marker !== 'revoked')}
}

function isNamed({hosts}: KnownKey, name: string): boolean {
  if (!hosts.startsWith('|')) return matchesPatterns(hosts.split(','), name)
  const [, salt, hash] = /^\|1\|([^|]+)\|([^|]+)$/.exec(hosts) ?? []
  if (salt === undefined || hash === undefined) return false
  const wanted = Buffer.from(hash, 'base64')
  const found = hashOf(name, Buffer.from(salt, 'base64'))
  return wanted.length === found.length && timingSafeEqual(wanted, found)
}

/** As OpenSSH hides names. */
export function hashOf(name: string, salt: Buffer): Buffer {
  return createHmac('sha1', salt).update(name).digest()
}

/** `SHA256:…`, as OpenSSH shows it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** The name of its kind, with which a key begins. */
export function typeOfKey(key: Buffer): string {
  const length = key.length < 4 ? 0 : key.readUInt32BE(0)
  return length === 0 || length > 64 || key.length < 4 + length ? 'unknown' : key.toString('latin1', 4, 4 + length)
}
