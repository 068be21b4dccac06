import {stat} from 'node:fs/promises'
import type Docker from 'dockerode'
import {isMissing} from '../engine/problem.js'
import {labels} from '../labels.js'

/** Something in the engine that nobody looks after any more. */
export interface Leftover {
  readonly id: string
  readonly name: string
  /** Of which it was a part. */
  readonly stack: string
}

export interface Leftovers {
  readonly containers: readonly Leftover[]
  readonly networks: readonly Leftover[]
}

/**
 * What harness has made on this machine and left: containers whose run directory is gone, and networks that nobody but those is attached to.
 * Where the engine is elsewhere (`isElsewhere`), a container that does not say from which machine it is counts as another's.
 */
export async function findLeftovers(
  docker: Docker,
  {machine, isElsewhere}: {readonly machine: string; readonly isElsewhere: boolean},
): Promise<Leftovers> {
  const all = await docker.listContainers({all: true, filters: {label: [labels.run]}})
  const ours = all.filter(({Labels}) => (Labels[labels.machine] ?? (isElsewhere ? undefined : machine)) === machine)
  const orphaned = await Promise.all(ours.map(({Labels}) => isGone(Labels[labels.run] ?? '')))
  const containers = ours
    .filter((_, index) => orphaned[index])
    .map(({Id, Names, Labels}) => ({id: Id, name: nameOf(Names, Id), stack: Labels[labels.stack] ?? ''}))
  return {containers: byName(containers), networks: await findNetworks(docker, containers)}
}

/** What cannot be looked at is there. */
async function isGone(folder: string): Promise<boolean> {
  try {
    await stat(folder)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}

async function findNetworks(docker: Docker, going: readonly Leftover[]): Promise<readonly Leftover[]> {
  const removed = new Set(going.map(({id}) => id))
  const found = await docker.listNetworks({filters: {label: [labels.network]}})
  const inUse = await Promise.all(
    found.map(async (network) => (await attachedTo(docker, network)).some((container) => !removed.has(container))),
  )
  return byName(
    found
      .filter((_, index) => !inUse[index])
      .map(({Id, Name, Labels}) => ({id: Id, name: Name, stack: Labels?.[labels.stack] ?? ''})),
  )
}

async function attachedTo(
  docker: Docker,
  {Id, Name}: {readonly Id: string; readonly Name: string},
): Promise<readonly string[]> {
  try {
    const found = (await docker.getNetwork(Id).inspect()) as {readonly Containers?: object | null}
    // Those that do not run are no part of the answer, and one that never ran knows the network by its name.
    const asleep = await docker.listContainers({all: true, filters: {network: [Id, Name]}})
    return [...Object.keys(found.Containers ?? {}), ...asleep.map((container) => container.Id)]
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

function nameOf([name]: readonly string[], id: string): string {
  return name?.replace(/^\//, '') ?? id
}

function byName(found: readonly Leftover[]): readonly Leftover[] {
  return [...found].sort((one, other) => (one.name < other.name ? -1 : 1))
}
