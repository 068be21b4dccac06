import {manifestName} from '../archive/layout.js'
import {parseManifest} from '../archive/manifest-text.js'
import type {Manifest} from '../manifest.js'
import {names, runThere, type Place} from './place.js'
import {shellWord} from '../../host/shell-words.js'

/** What an installed version says about itself. PACKAGE_INVALID. */
export async function readVersion(place: Place, id: string): Promise<Manifest> {
  const file = `${place.root}/${names.versions}/${id}/${manifestName}`
  return parseManifest(await runThere(place, `cat ${shellWord(file)}`, `read ${id}`), `${id} on ${place.host.name}`)
}
