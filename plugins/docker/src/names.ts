import type {StartRequest} from '@service-harness/cli/plugin'
import type {DockerSpec, NetworkSpec} from './spec.js'

/** The network of a stack, in which its containers reach each other by the names of their services. */
function stackNetwork(stack: string): string {
  return `harness-${stack}`
}

/** `<stack>-<service>-<attempt>`: what `docker ps` shows. */
export function containerName({stack, service, attempt}: Pick<StartRequest, 'attempt' | 'service' | 'stack'>): string {
  return `${stack}-${service}-${attempt}`
}

export function builtImage({
  stack,
  service,
  spec,
}: Pick<StartRequest<DockerSpec>, 'service' | 'spec' | 'stack'>): string {
  return spec.image ?? `harness/${stack}-${service}:latest`
}

/** A network that a container is attached to. */
export interface Attachment {
  /** In the engine. */
  readonly name: string
  readonly aliases: readonly string[]
  /** Made for the stack, unless it is there. */
  readonly ours: boolean
}

export function attachments(
  spec: DockerSpec,
  {stack, service}: {readonly stack: string; readonly service: string},
): readonly Attachment[] {
  const own = {name: stackNetwork(stack), aliases: [service], ours: true}
  const more = entriesOf(spec.networks).map(([name, network]) => ({
    name: network?.external ? name : `${stackNetwork(stack)}-${name}`,
    aliases: [service, ...(network?.aliases ?? [])],
    ours: !network?.external,
  }))
  return [own, ...more]
}

function entriesOf(networks: DockerSpec['networks'] = []): readonly (readonly [string, NetworkSpec | null])[] {
  if (isList(networks)) return networks.map((name) => [name, null])
  return Object.entries(networks)
}

function isList(networks: NonNullable<DockerSpec['networks']>): networks is readonly string[] {
  return Array.isArray(networks)
}
