import {hostname} from 'node:os'
import type {ContainerCreateOptions} from 'dockerode'
import type {StartRequest} from '@service-harness/cli/plugin'
import {labels} from './labels.js'
import {attachments, builtImage} from './names.js'
import {toBytes} from './sizes.js'
import type {DockerSpec} from './spec.js'
import {mounted} from './volumes.js'

/** The name by which a container reaches the machine that it runs on. */
export const gateway = 'host.docker.internal'

/** Where the engine publishes ports: to this machine alone, unless it is another one. */
export interface Publishing {
  readonly address: string
}

type Request = StartRequest<DockerSpec>

/** What the engine is to make of a request. Pure. */
export function createBody(request: Request, {address}: Publishing): ContainerCreateOptions {
  const {spec} = request
  const [own] = attachments(spec, request)
  const ports = publishedPorts(request, address)
  return given({
    Image: builtImage(request),
    Cmd: list(spec.command),
    Entrypoint: list(spec.entrypoint),
    Env: Object.entries(request.env).map(([name, value]) => `${name}=${value}`),
    WorkingDir: spec.working_dir,
    User: spec.user,
    Labels: {...spec.labels, ...labelsOf(request)},
    OpenStdin: spec.stdin,
    ExposedPorts: Object.fromEntries(Object.keys(ports).map((port) => [port, {}])),
    HostConfig: given({
      RestartPolicy: {Name: 'no'},
      PortBindings: ports,
      ...mounted(spec, request.directory),
      Tmpfs: spec.tmpfs && Object.fromEntries(spec.tmpfs.map(tmpfs)),
      ExtraHosts: [`${gateway}:host-gateway`],
      NetworkMode: own?.name,
      Init: spec.init,
      NanoCpus: spec.resources?.cpus === undefined ? undefined : Math.round(spec.resources.cpus * 1e9),
      Memory: memoryOf(spec),
      // Else it may have as much swap again.
      MemorySwap: memoryOf(spec),
      Ulimits: ulimitsOf(spec),
      // Read from there into logs of its own, which have their own bounds. The engine waits for no reader: one that is further behind than a whole
      // file loses it.
      LogConfig: {Type: 'json-file', Config: {'max-size': '1g', 'max-file': '2'}},
    }),
    NetworkingConfig: own && {EndpointsConfig: {[own.name]: {Aliases: [...own.aliases]}}},
  })
}

function labelsOf({stack, service, attempt, instance, runDirectory}: Request): Record<string, string> {
  return {
    [labels.stack]: stack,
    [labels.service]: service,
    [labels.attempt]: String(attempt),
    [labels.instance]: instance,
    [labels.run]: runDirectory,
    [labels.machine]: hostname(),
  }
}

interface PortBinding {
  readonly HostIp: string
  readonly HostPort: string
}

/** A port of the container may be published more than once. */
function publishedPorts({endpoints}: Request, address: string): Record<string, PortBinding[]> {
  const published: Record<string, PortBinding[]> = {}
  for (const {port, containerPort = port, protocol} of endpoints) {
    const inside = `${containerPort}/${protocol === 'udp' ? 'udp' : 'tcp'}`
    ;(published[inside] ??= []).push({HostIp: address, HostPort: String(port)})
  }
  return published
}

function tmpfs(mount: string): [string, string] {
  const [place = '', ...options] = mount.split(':')
  return [place, options.join(':')]
}

function memoryOf({resources}: DockerSpec): number | undefined {
  return resources?.memory === undefined ? undefined : toBytes(resources.memory)
}

function ulimitsOf({ulimits}: DockerSpec) {
  return (
    ulimits &&
    Object.entries(ulimits).map(([Name, limit]) =>
      typeof limit === 'number' ? {Name, Soft: limit, Hard: limit} : {Name, Soft: limit.soft, Hard: limit.hard},
    )
  )
}

function list(words: readonly string[] | undefined): string[] | undefined {
  return words && [...words]
}

/** Without what is not given. */
function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
