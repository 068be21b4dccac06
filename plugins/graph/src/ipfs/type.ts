import type {PluginServices, ProbeCheck, ProcessEvent, ServiceDefaults, ServiceType} from '@service-harness/cli/plugin'
import {launchTarget} from '../shared/launch-script.js'
import {object} from '../shared/object-schema.js'
import {readiness} from '../shared/readiness.js'
import {add} from './actions/add.js'
import {cat} from './actions/cat.js'
import {listPins, pin, unpin} from './actions/pins.js'
import {version} from './actions/version.js'
import {apiPort} from './client-of.js'
import {configSchema, defaultImage, type IpfsConfig} from './config.js'

/** What it is that runs, once that is known. */
export type IpfsEvent = {readonly implementation: 'built-in' | 'kubo'; readonly version: string}

/** The line by which the launch script, and Kubo itself, say what runs; the groups are outputs of the service. */
const startLine = '^(?<implementation>built-in|Kubo)\\b.*?: (?:harness-ipfs/)?(?<version>[0-9]\\S*)'

/** `service_type: ipfs` */
export function ipfs(services: PluginServices) {
  return {
    type: 'ipfs',
    summary: 'IPFS: Kubo, or a small built-in server where there is none.',
    configSchema,
    defaults: (config: IpfsConfig, {name}: {readonly name: string}): ServiceDefaults => ({
      ports: [{name: apiPort.name, protocol: 'http', port: apiPort.number}],
      target: config.from === 'docker' ? container(config) : program(config, name),
      readiness: readiness(
        config.from === 'docker'
          ? answers(name)
          : {kind: 'all', checks: [{kind: 'log', pattern: startLine}, answers(name)]},
      ),
      restart: {
        policy: 'on-failure',
        delayMs: 1000,
        factor: 2,
        maxDelayMs: 30_000,
        jitter: 0.1,
        maxAttempts: 5,
        windowMs: 60_000,
        resetAfterMs: 60_000,
      },
      graceMs: 10_000,
      startupTimeoutMs: 60_000,
    }),
    actions: {
      add: add(services),
      cat: cat(services),
      'list-pins': listPins(services),
      pin: pin(services),
      unpin: unpin(services),
      version: version(services),
    },
    event: object<IpfsEvent>({
      implementation: {enum: ['built-in', 'kubo'], description: 'What runs.'},
      version: {type: 'string', description: 'Its own.'},
    }),
    processEvent(event: ProcessEvent): IpfsEvent | undefined {
      const groups = event.kind === 'line' ? new RegExp(startLine, 'u').exec(event.text)?.groups : undefined
      if (!groups) return undefined
      return {
        implementation: groups['implementation'] === 'Kubo' ? 'kubo' : 'built-in',
        version: groups['version'] ?? '',
      }
    },
  } as const satisfies ServiceType<IpfsConfig, IpfsEvent>
}

/** Its RPC takes nothing but POST. */
function answers(name: string): ProbeCheck {
  const url = `http://\${${name}.host}:\${${name}.ports.${apiPort.name}}/api/v0/version`
  return {kind: 'http', url, method: 'POST', headers: {}, expectedStatus: '200'}
}

type Target = NonNullable<ServiceDefaults['target']>

function program({from = 'auto', binary, online, data}: IpfsConfig, name: string): Target {
  return launchTarget('ipfs', [
    ...['--from', from, '--port', `\${${name}.ports.${apiPort.name}}`],
    ...(binary === undefined ? [] : ['--binary', binary]),
    ...(online === true ? ['--online'] : []),
    ...(data === undefined ? [] : ['--data', data]),
  ])
}

function container({image = defaultImage, online, data}: IpfsConfig): Target {
  const volume = data === undefined || /^[./~]/.test(data) ? data : `./${data}`
  const spec = {
    image,
    command: ['daemon', '--migrate=true', ...(online === true ? [] : ['--offline'])],
    ...(volume !== undefined && {volumes: [`${volume}:/data/ipfs`]}),
  }
  return {type: 'docker', spec}
}
