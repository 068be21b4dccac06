import {createHash} from 'node:crypto'
import path from 'node:path'
import {newId} from '../base/ids.js'
import {canonicalJson, type JsonObject} from '../base/json.js'
import {fitFilled} from '../config/fit-filled.js'
import type {Executor, StartRequest} from '../contract/executor.js'
import type {Layer} from '../contract/layer.js'
import type {LogOptions} from '../contract/log.js'
import type {Tunnel} from '../contract/network.js'
import type {LayerDefinition, NetworkNode, PortDefinition, TargetDefinition} from '../contract/stack.js'
import type {Endpoint} from '../contract/workload.js'
import {narrowEnvironment} from './environment.js'
import {filledLayers, leadsAway} from './filled-layers.js'
import {reservePorts, type ReservedPorts} from './ports.js'
import type {AttemptRecord} from './record.js'

/** What of a service or task definition decides how its workload is started. */
interface Startable {
  readonly target: TargetDefinition
  readonly layers?: readonly LayerDefinition[]
  readonly env: Readonly<Record<string, string>>
  readonly inheritEnv: boolean | readonly string[]
  readonly ports: readonly PortDefinition[]
  readonly logs: LogOptions
  readonly graceMs: number
}

export interface PrepareOptions {
  readonly stack: {readonly id: string; readonly directory: string}
  readonly name: string
  readonly attempt: number
  /** By the restart policy. Tasks have none. */
  readonly restarts?: number
  readonly definition: Startable
  /** Addresses that the service type brings. They count as the service's, but the workload is not asked for them. */
  readonly typeEndpoints?: readonly Endpoint[]
  readonly executor: Executor
  readonly layer: (kind: string) => Layer | undefined
  readonly callerEnv: Readonly<Record<string, string>>
  readonly keptPorts: Readonly<Record<string, number>>
  /** Allocated to others, and never handed out. */
  readonly takenPorts?: ReadonlySet<number>
  readonly runsDirectory: string
  /** Fills in references, given the endpoints of the service itself. Throws when one has no value. */
  readonly fill: <T extends JsonObject>(template: T, own: readonly Endpoint[]) => T
  readonly surroundings: Surroundings
  readonly now: number
  readonly hash: string
  /** Which of a service's replicas it is, from 1. Tasks have none. */
  readonly replica?: number
}

/** What an executor is told of the machines around a workload. */
export interface Surroundings {
  readonly nodes: Readonly<Record<string, NetworkNode>>
  readonly tunnel?: Tunnel | undefined
}

/** An attempt that is ready to be journalled and then started. Dispose to let go of the ports. */
export interface PreparedAttempt extends AsyncDisposable {
  readonly request: StartRequest
  readonly record: AttemptRecord
  readonly allocatedPorts: Readonly<Record<string, number>>
}

/** Everything that comes before the first side effect: ports, references, the request, and what recovery needs. */
export async function prepareAttempt(options: PrepareOptions): Promise<PreparedAttempt> {
  const {definition, executor, stack, attempt, name} = options
  const ports = await portsOf(options)
  const endpoints = [...ports.endpoints, ...(options.typeEndpoints ?? [])]
  try {
    const instance = newId()
    const request: StartRequest = {
      id: `${stack.id}/${name}/${attempt}`,
      stack: stack.id,
      service: name,
      attempt,
      restarts: options.restarts ?? 0,
      instance,
      directory: stack.directory,
      runDirectory: path.join(options.runsDirectory, stack.id, name, instance),
      spec: filledSpec(options, endpoints),
      ...filledLayers(options, endpoints),
      env: {...replicaEnv(options), ...options.fill(definition.env, endpoints)},
      inheritedEnv: executor.capabilities.local ? narrowEnvironment(options.callerEnv, definition.inheritEnv) : {},
      endpoints: ports.endpoints,
      nodes: options.surroundings.nodes,
      ...(options.surroundings.tunnel && {tunnel: options.surroundings.tunnel}),
      logs: definition.logs,
      graceMs: definition.graceMs,
    }
    const record: AttemptRecord = {
      attempt,
      instance,
      saved: executor.intent(request),
      startedAt: options.now,
      endpoints,
      hash: options.hash,
    }
    return {
      request,
      record,
      allocatedPorts: ports.allocated,
      [Symbol.asyncDispose]: () => ports[Symbol.asyncDispose](),
    }
  } catch (error) {
    await ports[Symbol.asyncDispose]()
    throw error
  }
}

/** A program that runs several times learns which one it is. */
function replicaEnv({replica}: PrepareOptions): Readonly<Record<string, string>> {
  return replica === undefined ? {} : {HARNESS_REPLICA: String(replica)}
}

function filledSpec(options: PrepareOptions, endpoints: readonly Endpoint[]): JsonObject {
  const {definition, executor, fill, name} = options
  const template = definition.target.spec
  const filled = fill(template, endpoints)
  return fitFilled(executor.specSchema, {template, filled, subject: name, place: `${name}.target`})
}

/** Equal definitions have equal fingerprints, whatever the order of their keys. */
export function definitionHash(definition: object): string {
  return createHash('sha256').update(canonicalJson(definition)).digest('hex').slice(0, 16)
}

/** Ports elsewhere, and those that an attached workload holds already, are none of this host's to check. */
function portsOf(options: PrepareOptions): Promise<ReservedPorts> {
  const {definition, executor, keptPorts, takenPorts, surroundings} = options
  const taken = takenPorts && {taken: takenPorts}
  if (surroundings.tunnel) {
    const {ports, preferred} = portsOfTunnel(definition.ports)
    return reservePorts(ports, {kept: {...preferred, ...keptPorts}, ...taken})
  }
  if (executor.capabilities.hostPorts && !leadsAway(options))
    return reservePorts(definition.ports, {kept: keptPorts, ...taken})
  const seat = executor.seat?.(definition.target.spec, {stack: options.stack.id, service: options.name})
  const host = seat?.host ?? '127.0.0.1'
  const endpoints = definition.ports.map(({name, protocol, port, container}) => ({
    ...{name, protocol, host, port},
    ...(container !== undefined && {containerPort: container}),
  }))
  return Promise.resolve({endpoints, allocated: {}, [Symbol.asyncDispose]: () => Promise.resolve()})
}

/** A plain number is that of the port there; here it is the same where that is free, and else another. */
function portsOfTunnel(definitions: readonly PortDefinition[]): {
  readonly ports: readonly PortDefinition[]
  readonly preferred: Readonly<Record<string, number>>
} {
  const isPlain = ({port, container}: PortDefinition): boolean => port !== 0 && container === undefined
  return {
    ports: definitions.map((each) => (isPlain(each) ? {...each, port: 0, container: each.port} : each)),
    preferred: Object.fromEntries(definitions.filter(isPlain).map(({name, port}) => [name, port])),
  }
}
