import {access} from 'node:fs/promises'
import {homedir} from 'node:os'
import path from 'node:path'
import type {DockerSpec} from './spec.js'

/** What the engine is to mount for the volumes of a service. */
export function mounted(spec: DockerSpec, directory: string) {
  const volumes = volumesOf(spec, directory)
  return {
    Mounts: volumes.filter(isPlain).map(mount),
    Binds: volumes.filter((volume) => !isPlain(volume)).map(bind),
  }
}

/** A path of this machine that is to be mounted and is not there, of those that the engine would make a folder of root's of. */
export async function missingPath(spec: DockerSpec, directory: string): Promise<string | undefined> {
  for (const volume of volumesOf(spec, directory)) {
    if (volume.source === undefined || !volume.isPath || isPlain(volume)) continue
    const isThere = await access(volume.source).then(
      () => true,
      () => false,
    )
    if (!isThere) return volume.source
  }
  return undefined
}

function volumesOf({volumes = []}: DockerSpec, directory: string): readonly Volume[] {
  return volumes.map((volume) => volumeOf(volume, directory))
}

interface Volume {
  /** A path of the machine, the name of a volume, or `undefined` for a volume without a name. */
  readonly source: string | undefined
  readonly isPath: boolean
  readonly target: string
  readonly options: readonly string[]
}

/** A path of the machine starts from the folder of the stack file. */
function volumeOf(volume: string, directory: string): Volume {
  const [source = '', target, options = ''] = volume.split(':')
  if (target === undefined) return {source: undefined, isPath: false, target: source, options: []}
  const isPath = /^[./~]/.test(source)
  const plain = source === '~' || source.startsWith('~/') ? path.join(homedir(), source.slice(1)) : source
  const words = options === '' ? [] : options.split(',')
  return {source: isPath ? path.resolve(directory, plain) : source, isPath, target, options: words}
}

/** What the engine can be told exactly; a path that is not there is then an error, and not a new folder of root's. */
function isPlain({options}: Volume): boolean {
  return options.every((word) => word === 'ro' || word === 'rw')
}

function mount({source, isPath, target, options}: Volume) {
  return {
    Type: isPath ? ('bind' as const) : ('volume' as const),
    Source: source ?? '',
    Target: target,
    ReadOnly: options.includes('ro'),
  }
}

function bind({source, target, options}: Volume): string {
  return [source, target, options.join(',')].filter(Boolean).join(':')
}
