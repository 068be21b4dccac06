import {stat} from 'node:fs/promises'
import {errorTable} from '../../core/base/error-table.js'
import {obstaclesOf, strangersOf} from '../../core/wireguard/config-of.js'
import {driftOf} from '../../core/wireguard/drift.js'
import {doctorLines} from '../doctor/doctor-lines.js'
import {broken, ok, skipped, warning, type Finding, type Verdict} from '../doctor/finding.js'
import {runTool} from '../run-tool.js'
import type {Host} from '../with-daemon.js'
import {openNetwork, type NetworkWish, type OpenedNetwork} from './open-network.js'
import {readOwnFile} from './own-file.js'

/** `harness network check`: answers the exit code. */
export async function checkNetwork(host: Host, wish: NetworkWish): Promise<number> {
  const network = await openNetwork(host, wish)
  const findings = [
    ...definitionFindings(network),
    ...(network.isHere ? [await fileFinding(network), await toolFinding(), await deviceFinding(network)] : []),
  ]
  const {terminal} = host
  if (terminal.json) terminal.data({network: network.name, node: network.node.name, checks: findings})
  for (const line of doctorLines(findings, terminal.style)) terminal.out(line)
  return findings.some(({status}) => status === 'broken') ? errorTable.NETWORK_NOT_READY.exit : 0
}

const named = (name: string, verdict: Verdict): Finding => ({name, ...verdict})

function definitionFindings(network: OpenedNetwork): readonly Finding[] {
  const {node, definition} = network
  const missing = obstaclesOf(network, node)
  if (missing.length > 0) {
    return missing.map(({reason, hint}) => named('stack file', broken('NETWORK_NOT_READY', `${reason}.`, hint)))
  }
  const strangers = strangersOf(network, node).map((each) =>
    named(
      'stack file',
      warning(
        `Neither '${node.name}' nor '${each.name}' has an 'endpoint': they do not reach each other.`,
        `Give the one that can be reached from outside one under networks.${network.name}.nodes.`,
      ),
    ),
  )
  const whole = named(
    'stack file',
    ok(`'${node.name}' has an address, and a key of each of its peers, ${definition.nodes.length - 1}.`),
  )
  return strangers.length > 0 ? strangers : [whole]
}

async function fileFinding(network: OpenedNetwork): Promise<Finding> {
  const {name, node, file} = network
  const text = await readOwnFile(network)
  const write = `harness network config ${name} --write`
  if (text === undefined)
    return named('file', broken('NETWORK_NOT_READY', `There is no ${file}.`, `Write it with \`${write}\`.`))
  const mode = (await stat(file)).mode & 0o777
  if ((mode & 0o077) !== 0) {
    return named(
      'file',
      broken('NETWORK_NOT_READY', `Others can read ${file}, which has a private key.`, `chmod 600 ${file}`),
    )
  }
  const drift = driftOf(network, node, text)
  const fix = `Write it again with \`${write}\`; its private key is kept.`
  return named(
    'file',
    drift.length === 0 ? ok(`${file} fits.`) : broken('NETWORK_NOT_READY', `${file}: ${drift.join('; ')}.`, fix),
  )
}

async function toolFinding(): Promise<Finding> {
  const {missing, said} = await runTool('wg', ['--version'])
  const fix = 'Install wireguard-tools.'
  return named('wg', missing ? broken('NETWORK_NOT_READY', "This machine has no 'wg'.", fix) : ok(said))
}

async function deviceFinding({name, device}: OpenedNetwork): Promise<Finding> {
  const {code, said, missing} = await runTool('wg', ['show', device, 'peers'])
  if (missing) return named('interface', skipped('Without wg nothing is known of it.'))
  if (code === 0) return named('interface', ok(`${device} is up.`))
  if (/operation not permitted/i.test(said)) {
    return named('interface', skipped(`${device} may be seen by root alone: sudo wg show ${device}.`))
  }
  return named('interface', warning(`${device} is not up.`, `harness network up ${name}`))
}
