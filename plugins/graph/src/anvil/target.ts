import type {ServiceDefaults} from '@service-harness/cli/plugin'
import path from 'node:path'
import {launchTarget} from '../shared/launch-script.js'
import {flags, forkEnvironment, forkName, launchVariables, stateArguments, variablesOf} from './arguments.js'
import type {AnvilConfig} from './config.js'

type Run = Pick<ServiceDefaults, 'env' | 'target'>

const launch = (args: readonly string[]): ReturnType<typeof launchTarget> => launchTarget('anvil', args)

/** What runs Anvil: a program of this machine, or a container. */
export function runBy(config: AnvilConfig, name: string): Run {
  const {from = 'auto', image} = config
  const isContainer = from === 'docker' || (from === 'auto' && image !== undefined)
  return isContainer ? inContainer(config, name) : onThisMachine(config, name)
}

/** Whether it is the script of this package that runs it, which can begin a new chain. */
export function isLaunched({type, spec}: {readonly type: string; readonly spec: unknown}): boolean {
  const own = launch([])
  const {args} = spec as {readonly args?: readonly string[]}
  return type === own.type && args?.[0] === own.spec.args[0]
}

function onThisMachine(config: AnvilConfig, name: string): Run {
  const {binary, mnemonic, fork, state} = config
  return {
    target: launch(['--host', '127.0.0.1', ...shared(config, name)]),
    env: variablesOf({
      [launchVariables.binary]: binary,
      [launchVariables.mnemonic]: mnemonic,
      [launchVariables.state]: state,
      [launchVariables.forkUrl]: fork?.url,
      [launchVariables.forkBlock]: fork?.block_number,
    }),
  }
}

/** Its port is the one inside: a service that refers to itself is told that. */
function inContainer(config: AnvilConfig, name: string): Run {
  const {image = 'ghcr.io/foundry-rs/foundry:latest', mnemonic, fork, state} = config
  const args = [
    ...['--host', '0.0.0.0', ...shared(config, name)],
    ...flags({'--mnemonic': mnemonic, '--fork-url': fork && forkName, '--fork-block-number': fork?.block_number}),
    ...(state === undefined ? [] : stateArguments(`/state/${path.posix.basename(state)}`)),
  ]
  const volumes = state === undefined ? {} : {volumes: [`${folderOf(state)}:/state`]}
  return {
    target: {type: 'docker', spec: {image, entrypoint: ['anvil'], command: args, ...volumes}},
    env: fork ? forkEnvironment(fork.url) : {},
  }
}

/** Docker takes what begins with a dot, a tilde or a slash for a path, and all else for the name of a volume. */
function folderOf(file: string): string {
  const folder = path.posix.dirname(file)
  return /^[./~$]/.test(folder) ? folder : `./${folder}`
}

function shared(config: AnvilConfig, name: string): readonly string[] {
  const {chain_id, accounts, balance, block_time, base_fee, gas_limit, hardfork, args = []} = config
  const settings = flags({
    '--chain-id': chain_id,
    '--accounts': accounts,
    '--balance': balance,
    '--block-time': block_time,
    '--block-base-fee-per-gas': base_fee,
    '--gas-limit': gas_limit,
    '--hardfork': hardfork,
  })
  return ['--port', `\${${name}.ports.rpc}`, ...settings, ...args]
}
