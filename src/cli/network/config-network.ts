import {HarnessError} from '../../core/base/errors.js'
import {configOf} from '../../core/wireguard/config-of.js'
import {publicKeyOf} from '../../core/wireguard/keys.js'
import type {Host} from '../with-daemon.js'
import {openNetwork, requireWhole, type NetworkWish, type OpenedNetwork} from './open-network.js'
import {ownKey, readOwnFile, writeOwnFile} from './own-file.js'

/** `harness network config`: prints the configuration of a node without its private key, or writes that of this machine. */
export async function configNetwork(
  host: Host,
  wish: NetworkWish & {readonly write: boolean; readonly force: boolean},
): Promise<void> {
  const network = await openNetwork(host, wish)
  requireWhole(network)
  const {terminal} = host
  if (!wish.write) {
    const text = configOf(network, network.node)
    if (terminal.json) terminal.data({network: network.name, node: network.node.name, config: text})
    for (const line of text.trimEnd().split('\n')) terminal.out(line)
    return
  }
  if (!network.isHere) {
    throw new HarnessError('USAGE', {
      subject: network.name,
      reason: `'${network.node.name}' is another machine, whose private key stays there`,
      hint: `Run \`harness network config ${network.name} --write\` there.`,
    })
  }
  const key = ownKey(network, await readOwnFile(network))
  await writeOwnFile(network, configOf(network, network.node, key), wish.force)
  if (terminal.json) terminal.data({network: network.name, node: network.node.name, file: network.file})
  terminal.out(`Wrote ${network.file}.`)
  sayKey(host, network, publicKeyOf(key))
  terminal.note(`Bring it up with \`harness network up ${network.name}\`.`)
}

/** `harness network key`: the public key of this machine, made on the way where there is none. */
export async function keyOfNetwork(host: Host, wish: NetworkWish): Promise<void> {
  const network = await openNetwork(host, wish)
  const before = await readOwnFile(network)
  const key = ownKey(network, before)
  if (before === undefined) await writeOwnFile(network, configOf(network, network.node, key), false)
  else if (!before.includes(key)) throw foreignFile(network)
  const publicKey = publicKeyOf(key)
  if (host.terminal.json) host.terminal.data({network: network.name, node: network.node.name, publicKey})
  host.terminal.out(publicKey)
  sayKey(host, network, publicKey)
}

function foreignFile({name, file}: OpenedNetwork): HarnessError {
  const reason = `'${file}' is there, and has no private key`
  const hint = `Write it with \`harness network config ${name} --write\`, which makes one.`
  return new HarnessError('NETWORK_NOT_READY', {subject: name, reason, hint})
}

function sayKey({terminal}: Host, {name, definition, node}: OpenedNetwork, publicKey: string): void {
  if (node.publicKey !== undefined) return
  const place = `networks.${name}.nodes[${definition.nodes.indexOf(node)}]`
  terminal.note(`Put it into the stack file, for the other nodes: ${place}.public_key: ${publicKey}`)
}
