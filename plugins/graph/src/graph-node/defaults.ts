import type {ServiceDefaults} from '@service-harness/cli/plugin'
import {launchTarget} from '../shared/launch-script.js'
import {readiness} from '../shared/readiness.js'
import {defaultNetwork, type GraphNodeConfig} from './config.js'
import {ports} from './ports.js'

/** All that a stack file may leave out. */
export function defaults(config: GraphNodeConfig, {name}: {readonly name: string}): ServiceDefaults {
  const isImage = config.from === 'docker'
  return {
    target: isImage ? imageTarget(config) : launchTarget('graph-node', launchArguments(config, name)),
    ports: Object.values(ports).map((port) => ({
      name: port.name,
      protocol: 'http',
      port: port.number,
      ...(isImage ? {container: port.number} : {}),
    })),
    env: environment(config),
    readiness: readiness({
      kind: 'all',
      checks: [
        {
          kind: 'http',
          url: `http://\${${name}.host}:\${${name}.ports.status}/`,
          method: 'GET',
          headers: {},
          expectedStatus: '200',
        },
        {kind: 'tcp', host: `\${${name}.host}`, port: `\${${name}.ports.admin}`},
      ],
    }),
    startupTimeoutMs: 60_000,
    graceMs: 10_000,
    restart: {
      policy: 'on-failure',
      delayMs: 1000,
      factor: 2,
      maxDelayMs: 10_000,
      jitter: 0.1,
      maxAttempts: 3,
      windowMs: 60_000,
      resetAfterMs: 60_000,
    },
  }
}

/** What the stack file says goes by the variables that graph-node itself reads: logins stand in no command line. */
function environment({postgres, ipfs, ethereum, log_level = 'info', polling_interval = 500}: GraphNodeConfig): Env {
  return {
    ...(postgres === undefined ? {} : {POSTGRES_URL: postgres}),
    ...(ipfs === undefined ? {} : {IPFS: ipfs}),
    ...(ethereum === undefined ? {} : {ETHEREUM_RPC: providers(ethereum).join(' ')}),
    GRAPH_LOG: log_level,
    ETHEREUM_POLLING_INTERVAL: String(polling_interval),
  }
}

type Env = Readonly<Record<string, string>>

/** What it does not say are arguments, which fall away with the target where the stack file has one of its own, and no service of such a name. */
function usual({postgres, ipfs, ethereum}: GraphNodeConfig): readonly string[] {
  return [
    ...(postgres === undefined
      ? ['--postgres-url', 'postgresql://graph-node:let-me-in@${postgres.host}:${postgres.port}/graph-node']
      : []),
    ...(ipfs === undefined ? ['--ipfs', '${ipfs.url}'] : []),
    ...(ethereum === undefined ? ['--ethereum-rpc', `${defaultNetwork}:\${anvil.url}`] : []),
  ]
}

function providers(ethereum: NonNullable<GraphNodeConfig['ethereum']>): readonly string[] {
  return Object.entries(ethereum).map(([network, url]) => `${network}:${url}`)
}

function launchArguments(config: GraphNodeConfig, name: string): readonly string[] {
  const {binary} = config
  const given = Object.values(ports).flatMap((port) => [`--${port.name}`, `\${${name}.ports.${port.name}}`])
  return [...given, ...usual(config), ...(binary === undefined ? [] : ['--binary', binary])]
}

/** The program of the image itself: the script around it reads PostgreSQL's address in parts, and has no need to be there. */
function imageTarget(config: GraphNodeConfig): NonNullable<ServiceDefaults['target']> {
  const all = providers(config.ethereum ?? {})
  // The variable holds one provider.
  const several = all.length > 1 ? all.flatMap((each) => ['--ethereum-rpc', each]) : []
  return {
    type: 'docker',
    spec: {
      image: config.image ?? 'graphprotocol/graph-node:v0.37.0',
      entrypoint: ['graph-node'],
      command: [...usual(config), ...several],
    },
  }
}
