import type {Catalogue} from '../contract/catalogue.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {PortDefinition, ServiceDefinition, StackDefinition} from '../contract/stack.js'
import {typeDefaults} from './endpoints.js'
import {joinPath} from './node.js'
import {pointerTo} from './reading.js'

/** Two services that want one port of this machine: only one of them would start. Replicas are looked at where they are read. */
export function checkHostPorts(
  definition: Pick<StackDefinition, 'services'>,
  catalogue: Catalogue,
  severity: Diagnostic['severity'],
): Diagnostic[] {
  const earlier = new Map<string, PortWish[]>()
  return wantedHostPorts(definition, catalogue).flatMap((wish) => {
    const rivals = earlier.get(socketOf(wish)) ?? []
    earlier.set(socketOf(wish), rivals)
    const other = rivals.find((each) => collide(each, wish))
    rivals.push(wish)
    return other === undefined ? [] : [shared(wish, other, severity)]
  })
}

/** The ports of this machine that services ask for by number. Without a catalogue it is guessed whose are elsewhere. */
export function wantedHostPorts(
  {services}: Pick<StackDefinition, 'services'>,
  catalogue: Catalogue | undefined,
): readonly PortWish[] {
  return Object.entries(services).flatMap(([name, service]) => wantedBy(name, service, catalogue))
}

export interface PortWish {
  readonly name: string
  readonly service: ServiceDefinition
  readonly port: PortDefinition
  readonly index: number
}

function wantedBy(name: string, service: ServiceDefinition, catalogue: Catalogue | undefined): readonly PortWish[] {
  if (service.replicas === 0 || !isOnThisHost(service, catalogue) || leadsAway(service, catalogue)) return []
  return service.ports.flatMap((port, index) => (port.port === 0 ? [] : [{name, service, port, index}]))
}

/** Without a catalogue it is guessed. */
function leadsAway({layers = []}: ServiceDefinition, catalogue: Catalogue | undefined): boolean {
  return layers.some(({type}) => (catalogue ? catalogue.layer(type)?.local !== true : type !== 'local'))
}

/** What is attached to runs already, and what is remote has ports of another machine. */
function isOnThisHost(service: ServiceDefinition, catalogue: Catalogue | undefined): boolean {
  const type = service.target?.type ?? typeDefaults(service, catalogue)?.target?.type
  if (type === undefined) return true
  const executor = catalogue?.executor(type)
  return executor ? executor.capabilities.hostPorts : !/^(remote|package)$|-attach$/.test(type)
}

/** A port of TCP and one of UDP have nothing to do with each other. */
function socketOf({port}: PortWish): string {
  return `${port.protocol === 'udp' ? 'udp' : 'tcp'} ${port.port}`
}

function collide(one: PortWish, other: PortWish): boolean {
  return one.name !== other.name && mayRunTogether(one.service.profiles ?? [], other.service.profiles ?? [])
}

/** Services of different profiles are usually meant one for the other. */
function mayRunTogether(one: readonly string[], other: readonly string[]): boolean {
  return one.length === 0 || other.length === 0 || one.some((profile) => other.includes(profile))
}

function shared({name, port, index}: PortWish, other: PortWish, severity: Diagnostic['severity']): Diagnostic {
  const path = joinPath('services', name)
  return {
    severity,
    code: 'CONFIG_INVALID_VALUE',
    message: `${path} and ${joinPath('services', other.name)} both want port ${port.port} of this machine; only one of them can have it.`,
    pointer: pointerTo(pointerTo(pointerTo('/services', name), 'ports'), index),
    suggestion: 'write another port, or 0 for a free one',
  }
}
