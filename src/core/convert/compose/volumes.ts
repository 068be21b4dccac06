import {isJsonObject} from '../../base/json.js'
import type {Origin} from '../converted.js'
import type {Part} from '../part.js'
import {relocate} from '../relocate.js'

export interface Mounts {
  readonly volumes: readonly string[]
  readonly tmpfs: readonly string[]
}

/** Mounts in the short spelling, `SOURCE:TARGET[:ro]`. */
export function readVolumes(origin: Origin, part: Part): Mounts {
  const tmpfs = [...part.oneOrMore('tmpfs')]
  const volumes = part.list('volumes').flatMap((value, index) => {
    const key = `volumes[${index}]`
    if (!isJsonObject(value)) return [shortVolume(origin, part.textOf(value, key))]
    const mount = part.partOf(value, key)
    const target = mount.text('target') ?? mount.wrong('target', 'a path', undefined)
    const type = mount.text('type') ?? 'volume'
    if (type === 'tmpfs') {
      tmpfs.push(target)
      mount.leftOvers()
      return []
    }
    return longVolume(origin, mount, target)
  })
  return {volumes, tmpfs}
}

function longVolume(origin: Origin, mount: Part, target: string): readonly string[] {
  const source = mount.text('source')
  const ending = mount.flag('read_only') ? ':ro' : ''
  mount.leftOvers({consistency: ''})
  return [source === undefined ? target : `${relocatePath(origin, source)}:${target}${ending}`]
}

/** Only a path is one that can move: a word is the name of a volume. */
function shortVolume(origin: Origin, text: string): string {
  const [, source, rest] = /^((?:\$\{[^}]*\}|[^:])+)(:[^]*)$/.exec(text) ?? []
  return source === undefined || rest === undefined ? text : `${relocatePath(origin, source)}${rest}`
}

function relocatePath(origin: Origin, source: string): string {
  if (!source.startsWith('.') || origin.base === '') return source
  const moved = relocate(origin, source)
  return moved.startsWith('.') || moved.startsWith('/') ? moved : `./${moved}`
}
