import {printable} from '../../core/base/printable.js'
import type {Catalogue, InstalledType} from '../../core/contract/catalogue.js'
import type {Style} from '../style.js'

const sorts: Readonly<Record<InstalledType['sort'], string>> = {
  executor: 'target type',
  layer: 'layer',
  serviceType: 'service type',
  taskType: 'task type',
}

/** What stack files can use from now on: a line for each plugin that brings something. */
export function broughtLines({plugins, types}: Catalogue, names: ReadonlySet<string>, style: Style): readonly string[] {
  return plugins
    .filter(({name, kind}) => kind !== 'core' && names.has(name))
    .flatMap((plugin) => {
      const brought = types.filter((type) => type.plugin.name === plugin.name).map(typeText)
      const about = brought.length === 0 ? 'brings no types' : `brings ${brought.join(', ')}`
      return [`${style.bold(printable(`${plugin.name} ${plugin.version}`))} ${printable(about)}.`]
    })
}

function typeText({sort, name, actions}: InstalledType): string {
  const {length} = actions
  return `${sorts[sort]} '${name}'${length === 0 ? '' : ` (${length} ${length === 1 ? 'action' : 'actions'})`}`
}
