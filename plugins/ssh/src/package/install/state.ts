import type {Place} from './place.js'
import {names, runThere} from './place.js'
import {shellWord} from '../../host/shell-words.js'

/** What is remembered of a package on a machine, beside the versions and the link `current`. */
export interface PlaceState {
  /** The version that was current before, which a rollback returns to. */
  readonly previous: string | null
  /** A version that is current and has not been healthy yet. One that is still there when nobody deploys was interrupted. */
  readonly trial: {readonly id: string; readonly before: string | null} | null
  /** A version that was taken back: it is not installed by itself again. */
  readonly refused: Refused | null
}

export interface Refused {
  readonly id: string
  /** `health`: it was not healthy. `hand`: somebody has rolled it back. */
  readonly by: 'hand' | 'health'
  readonly reason: string
  /** ISO 8601. */
  readonly at: string
}

/** A version that is unpacked there. */
export interface InstalledVersion {
  /** Its version and the beginning of its checksum: the name of its folder. */
  readonly id: string
  readonly version: string
  /** On disk, in KiB. */
  readonly sizeKib: number
  /** ISO 8601. */
  readonly at: string
}

export interface Installed {
  /** Oldest first. */
  readonly versions: readonly InstalledVersion[]
  /** Where the link leads. `null`: there is none. */
  readonly current: string | null
  readonly state: PlaceState
}

const nothing: PlaceState = {previous: null, trial: null, refused: null}

/** The name of the folder of a version. */
export function versionId({version, sha256}: {readonly version: string; readonly sha256: string}): string {
  return `${version}-${sha256.slice(0, 12)}`
}

/** The version of such a name. */
export function versionOf(id: string): string {
  return id.replace(/-[0-9a-f]{12}$/, '')
}

const listing = `
link=$(readlink current 2>/dev/null) && echo "current \${link##*/}"
for folder in versions/*/; do
  folder=\${folder%/}
  case $folder in
    */\\*|*.tmp) continue ;;
  esac
  echo "version \${folder##*/} $(du -sk "$folder" | cut -f1) $(date -r "$folder" +%s)"
done
echo state
cat state.json 2>/dev/null
exit 0
`

export async function readInstalled(place: Place): Promise<Installed> {
  const text = await runThere(place, `cd ${shellWord(place.root)} || exit 1${listing}`, 'read what is installed')
  const at = text.indexOf('state\n')
  const lines = text.slice(0, at).split('\n')
  const current = lines.find((line) => line.startsWith('current '))?.slice('current '.length) ?? null
  const versions = lines.flatMap((line) => {
    const [, id, size, seconds] = /^version (\S+) (\d+) (\d+)$/.exec(line) ?? []
    if (id === undefined) return []
    const installed = new Date(Number(seconds) * 1000).toISOString()
    return [{id, version: versionOf(id), sizeKib: Number(size), at: installed}]
  })
  return {
    versions: versions.sort((one, other) => one.at.localeCompare(other.at)),
    current,
    state: parseState(text.slice(at + 'state\n'.length)),
  }
}

/** Whole or not at all. */
export async function writeState(place: Place, state: PlaceState): Promise<void> {
  const text = `${JSON.stringify({format: 1, ...state}, null, 2)}\n`
  await place.host.put(Buffer.from(text), `${place.root}/${names.state}`, {signal: place.signal})
}

/** One that cannot be read says nothing: what is installed is in the folders. */
function parseState(text: string): PlaceState {
  try {
    const {previous, trial, refused} = JSON.parse(text) as Partial<PlaceState>
    return {previous: previous ?? null, trial: trial ?? null, refused: refused ?? null}
  } catch {
    return nothing
  }
}
