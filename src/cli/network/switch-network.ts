import {execFile} from 'node:child_process'
import {HarnessError, systemCode} from '../../core/base/errors.js'
import {shellQuote} from '../../core/command/shell-quote.js'
import {configOf} from '../../core/wireguard/config-of.js'
import {driftOf} from '../../core/wireguard/drift.js'
import type {Host} from '../with-daemon.js'
import {openNetwork, requireWhole, type NetworkWish, type OpenedNetwork} from './open-network.js'
import {ownKey, readOwnFile, writeOwnFile} from './own-file.js'

/** `harness network up`: writes the configuration of this machine where there is none, and brings the interface up. */
export async function bringUp(host: Host, wish: NetworkWish): Promise<void> {
  const network = await openNetwork(host, wish)
  requireWhole(network)
  const text = await readOwnFile(network)
  const drift = text === undefined ? [] : driftOf(network, network.node, text)
  if (drift.length > 0) {
    throw new HarnessError('NETWORK_NOT_READY', {
      subject: network.name,
      reason: `'${network.file}' does not fit the stack file: ${drift[0] ?? ''}`,
      hint: `Write it again with \`harness network config ${network.name} --write\`; its private key is kept.`,
    })
  }
  if (text === undefined) await writeOwnFile(network, configOf(network, network.node, ownKey(network, text)), false)
  await quick('up', network)
  host.terminal.out(`${network.device} is up, with the address ${network.addresses.get(network.node.name) ?? ''}.`)
}

/** `harness network down`. */
export async function takeDown(host: Host, wish: NetworkWish): Promise<void> {
  const network = await openNetwork(host, wish)
  await quick('down', network)
  host.terminal.out(`${network.device} is down.`)
}

async function quick(way: 'down' | 'up', {name, file, device}: OpenedNetwork): Promise<void> {
  if (process.getuid?.() !== 0) {
    const reason = 'only root may change the interfaces of this machine'
    throw new HarnessError('NETWORK_NOT_READY', {
      subject: name,
      reason,
      hint: `Run \`sudo wg-quick ${way} ${shellQuote(file)}\`.`,
    })
  }
  const {code, said} = await runQuick(way, file)
  if (code !== 0)
    throw new HarnessError('NETWORK_NOT_READY', {subject: name, ...whyNot(said, {name, way, device, code})})
}

/** What it leaves behind on purpose, where the kernel has no wireguard, is a program that goes on: nothing of it may be ended here. */
function runQuick(way: string, file: string): Promise<{readonly code: number | 'ENOENT'; readonly said: string}> {
  return new Promise((resolve) => {
    execFile('wg-quick', [way, file], {cwd: '/'}, (error, stdout, stderr) => {
      const code = error === null ? 0 : systemCode(error) === 'ENOENT' ? 'ENOENT' : 1
      resolve({code, said: `${stdout}\n${stderr}`})
    })
  })
}

const causes: readonly (readonly [RegExp, reason: string, hint: string])[] = [
  [
    /unknown device type|not supported/i,
    'the kernel of this machine has no wireguard',
    'Install its module, or wireguard-go, which does without: `apt-get install wireguard-go`.',
  ],
  [/already exists/i, 'its interface is up already', 'Take it down first: `harness network down {name}`.'],
  [/is not a wireguard interface|no such device/i, 'its interface is not up', 'There is nothing to take down.'],
]

interface Failed {
  readonly name: string
  readonly way: string
  readonly device: string
  readonly code: number | string
}

function whyNot(said: string, {name, way, device, code}: Failed): {readonly reason: string; readonly hint?: string} {
  if (code === 'ENOENT') {
    return {reason: "this machine has no 'wg-quick'", hint: 'Install wireguard-tools.'}
  }
  const [, reason, hint] = causes.find(([pattern]) => pattern.test(said)) ?? []
  if (reason !== undefined && hint !== undefined) return {reason, hint: hint.replace('{name}', name)}
  const lines = said.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('[#]'))
  return {reason: `wg-quick ${way} ${device} says: ${lines.at(-1) ?? 'nothing'}`}
}
