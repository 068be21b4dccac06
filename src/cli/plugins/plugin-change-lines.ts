import {printable} from '../../core/base/printable.js'
import type {PluginChange} from '../../core/contract/catalogue.js'
import type {Style} from '../style.js'

/** The daemon that runs has other plugins than are installed: which, and what to type. Nothing where it has the same. */
export function pluginChangeLines(changes: readonly PluginChange[], style: Style): readonly string[] {
  if (changes.length === 0) return []
  const said = changes.map((change) => printable(`${change.name} ${became(change)}`)).join(', ')
  return [
    `${style.yellow('Plugins have changed')} since the daemon started: ${said}.`,
    '  `harness daemon restart` loads them as they are now; services keep running.',
  ]
}

function became({loaded, installed}: PluginChange): string {
  if (loaded === null) return `${installed ?? ''} was installed`
  if (installed === null) return `${loaded} was removed`
  return loaded === installed ? `${loaded} was built anew` : `${loaded} became ${installed}`
}
