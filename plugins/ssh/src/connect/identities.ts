import {readFile, stat} from 'node:fs/promises'
import type {BaseAgent, ParsedKey} from 'ssh2'
import {tilde} from '../address/expand-file.js'
import type {Address, Identity} from '../address/resolve-address.js'
import {fingerprint} from '../keys/known-hosts.js'
import {wordsOf} from '../problem.js'
import {agentWith} from './one-key-agent.js'
import {loadSsh2} from './ssh2.js'

/** A key to try. */
interface Candidate {
  /** For people. */
  readonly name: string
  readonly by: {readonly key: ParsedKey} | {readonly agent: BaseAgent}
}

/** The keys to try, in order, and why others are not tried. */
export interface Identities {
  readonly candidates: readonly Candidate[]
  readonly notes: readonly string[]
  /** Files that need a passphrase. */
  readonly encrypted: readonly string[]
}

/** A file with a key. */
interface FileKey {
  readonly file: string
  readonly publicKey?: Buffer
  readonly key?: ParsedKey
  readonly note?: string
  readonly isEncrypted?: boolean
}

/** In the order of OpenSSH: keys of the agent that are named as files too, its others, files. */
export async function identitiesFor(address: Address): Promise<Identities> {
  const ssh2 = await loadSsh2()
  const [agent, files] = await Promise.all([
    agentKeys(address),
    Promise.all(address.identities.map((identity) => fileKey(identity, address.passphrase))),
  ])
  const inAgent = (file: FileKey): ParsedKey | undefined =>
    agent.keys.find((key) => file.publicKey?.equals(key.getPublicSSH()))
  const named = files.map(inAgent).filter((key) => key !== undefined)
  const others = address.identitiesOnly ? [] : agent.keys.filter((key) => !named.includes(key))
  const left = files.filter((file) => !inAgent(file))
  const socket = address.agent ?? ''
  return {
    candidates: [
      ...[...named, ...others].map((key) => ({
        name: `${key.type} ${fingerprint(key.getPublicSSH())} of the agent`,
        by: {agent: agentWith(ssh2, socket, key)},
      })),
      ...left.flatMap(({file, key}) => (key ? [{name: tilde(file), by: {key}}] : [])),
    ],
    notes: [...agent.notes, ...left.flatMap(({note}) => note ?? [])],
    encrypted: left.flatMap(({file, isEncrypted}) => (isEncrypted ? [file] : [])),
  }
}

async function agentKeys({
  agent,
}: Address): Promise<{readonly keys: readonly ParsedKey[]; readonly notes: readonly string[]}> {
  if (agent === undefined) return {keys: [], notes: []}
  const {createAgent} = await loadSsh2()
  return await new Promise((resolve) => {
    createAgent(agent).getIdentities((error, keys) => {
      if (error) resolve({keys: [], notes: [`the agent at ${tilde(agent)} does not answer (${wordsOf(error)})`]})
      else resolve({keys: (keys ?? []) as readonly ParsedKey[], notes: []})
    })
  })
}

async function fileKey({file, isNamed}: Identity, passphrase: string | undefined): Promise<FileKey> {
  const shown = `'${tilde(file)}'`
  const content = await readFile(file, 'utf8').catch((error: unknown) => error as NodeJS.ErrnoException)
  if (typeof content !== 'string') {
    const publicKey = await publicKeyBeside(file)
    const why = content.code === 'ENOENT' ? 'does not exist' : `cannot be read (${content.code ?? ''})`
    return {file, ...(publicKey && {publicKey}), ...(isNamed && {note: `${shown} ${why}`})}
  }
  const parsed = await parse(content)
  if (!(parsed instanceof Error)) {
    const publicKey = parsed.getPublicSSH()
    if (!parsed.isPrivateKey())
      return {file, publicKey, note: `${shown} is a public key, and the agent does not have it`}
    const open = await openness(file)
    return open ? {file, publicKey, note: `${shown} ${open}`} : {file, publicKey, key: parsed}
  }
  if (!/encrypted|passphrase/i.test(parsed.message))
    return {file, note: `${shown} is no key that harness can use (${wordsOf(parsed)})`}
  return await encryptedKey(file, content, passphrase)
}

async function encryptedKey(file: string, content: string, passphrase: string | undefined): Promise<FileKey> {
  const inside = publicKeyInside(content) ?? (await publicKeyBeside(file))
  const publicKey = inside && {publicKey: inside}
  const shown = `'${tilde(file)}'`
  if (passphrase === undefined) return {file, ...publicKey, note: `${shown} is encrypted`, isEncrypted: true}
  const opened = await parse(content, passphrase)
  if (opened instanceof Error)
    return {file, ...publicKey, note: `${shown} is encrypted with another passphrase`, isEncrypted: true}
  const open = await openness(file)
  return open ? {file, ...publicKey, note: `${shown} ${open}`} : {file, publicKey: opened.getPublicSSH(), key: opened}
}

async function parse(content: string, passphrase?: string): Promise<Error | ParsedKey> {
  const {parseKey} = (await loadSsh2()).utils
  const parsed = parseKey(content, passphrase) as Error | ParsedKey | readonly ParsedKey[]
  const key = Array.isArray(parsed) ? (parsed as readonly ParsedKey[])[0] : (parsed as Error | ParsedKey)
  return key ?? new Error('it is empty')
}

async function publicKeyBeside(file: string): Promise<Buffer | undefined> {
  const content = await readFile(`${file}.pub`, 'utf8').catch(() => undefined)
  const parsed = content === undefined ? undefined : await parse(content)
  return parsed === undefined || parsed instanceof Error ? undefined : parsed.getPublicSSH()
}

/** OpenSSH's own form of a private key has the public one before what is encrypted. */
function publicKeyInside(content: string): Buffer | undefined {
  const [, base64] = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(content) ?? []
  const bytes = Buffer.from(base64 ?? '', 'base64')
  const magic = 'openssh-key-v1\0'
  if (bytes.toString('latin1', 0, magic.length) !== magic) return undefined
  let at = magic.length
  const text = (): Buffer => {
    const length = bytes.readUInt32BE(at)
    at += 4 + length
    return bytes.subarray(at - length, at)
  }
  try {
    // Cipher, its key's derivation, and the options of that; then how many keys there are.
    for (let skipped = 0; skipped < 3; skipped++) text()
    at += 4
    return text()
  } catch {
    return undefined
  }
}

/** OpenSSH uses no key that others can read; harness neither. */
async function openness(file: string): Promise<string | undefined> {
  const {mode, uid} = await stat(file)
  if (uid !== process.getuid?.() || (mode & 0o077) === 0) return undefined
  return `can be read by others: run \`chmod 600 ${tilde(file)}\``
}
