import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {HarnessError, systemCode} from '../../core/base/errors.js'
import {makeFolder} from '../../core/base/make-folder.js'
import {replacePrivateFile} from '../../core/base/private-files.js'
import {header} from '../../core/wireguard/config-of.js'
import {privateKeyIn} from '../../core/wireguard/drift.js'
import {makeKeyPair, publicKeyOf} from '../../core/wireguard/keys.js'
import type {OpenedNetwork} from './open-network.js'

/** `undefined`: there is none. */
export async function readOwnFile({name, file}: OpenedNetwork): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    const reason = `its file '${file}' cannot be read: ${systemCode(error) ?? 'unknown'}`
    throw new HarnessError('NETWORK_NOT_READY', {
      subject: name,
      reason,
      hint: 'Run the same with `sudo -E`, as its owner.',
    })
  }
}

/** The private key of this machine: the one in its file, else a new one. The one that a public key was written down of is never replaced. */
export function ownKey(network: OpenedNetwork, text: string | undefined): string {
  const {name, node, file} = network
  const kept = text === undefined ? undefined : privateKeyIn(text)
  if (kept !== undefined && (node.publicKey === undefined || publicKeyOf(kept) === node.publicKey)) return kept
  if (node.publicKey === undefined) return makeKeyPair().privateKey
  throw new HarnessError('NETWORK_NOT_READY', {
    subject: name,
    reason: `the private key of ${node.publicKey} is not in '${file}'`,
    hint: `Put it there under [Interface] as PrivateKey, or take 'public_key' of node '${node.name}' out of the stack file, for a new one.`,
  })
}

/** Writes the file of this machine (0600, whole or not at all). One that harness has not written is left alone, unless `force`. */
export async function writeOwnFile(network: OpenedNetwork, text: string, force: boolean): Promise<void> {
  const {name, file} = network
  const before = await readOwnFile(network)
  if (before !== undefined && !before.startsWith(header) && !force) {
    const reason = `'${file}' was not written by harness`
    const hint = `Compare it with \`harness network check ${name}\`, or add --force to replace it; its private key is kept.`
    throw new HarnessError('USAGE', {subject: name, reason, hint})
  }
  await makeFolder(path.dirname(file), 0o700)
  try {
    await replacePrivateFile(file, text)
  } catch (error) {
    const reason = `its file '${file}' cannot be written: ${systemCode(error) ?? 'unknown'}`
    throw new HarnessError('NETWORK_NOT_READY', {
      subject: name,
      reason,
      hint: 'Choose another place under `config_path`.',
    })
  }
}
