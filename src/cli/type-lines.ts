import {printable} from '../core/base/printable.js'
import type {InstalledType} from '../core/contract/catalogue.js'
import {schemaLines} from './schema-lines.js'
import type {Style} from './style.js'
import {tableLines} from './table.js'

const sorts: Readonly<Record<InstalledType['sort'], string>> = {
  executor: 'executor',
  layer: 'layer',
  serviceType: 'service type',
  taskType: 'task type',
}

/** A line for each type. */
export function typesTable(types: readonly InstalledType[], style: Style): readonly string[] {
  return tableLines(
    types,
    [
      {title: 'TYPE', cell: ({name}) => ({text: name, paint: style.bold})},
      {title: 'SORT', cell: ({sort}) => sorts[sort]},
      {title: 'PLUGIN', cell: pluginText},
      {title: 'SUMMARY', cell: ({summary, capabilities}) => summary ?? capabilityText(capabilities)},
    ],
    style.dim,
  )
}

/** All there is to know of each. */
export function typeLines(types: readonly InstalledType[], style: Style): readonly string[] {
  return types.flatMap((type, index) => [...(index === 0 ? [] : ['']), ...oneType(type, style)])
}

function oneType(type: InstalledType, style: Style): readonly string[] {
  const {name, sort, summary, capabilities, schemas, actions} = type
  const about = summary ?? capabilityText(capabilities)
  return [
    `${style.bold(printable(name))} ${sorts[sort]}, ${style.dim(`from ${printable(pluginText(type))}`)}`,
    ...(about === '' ? [] : [printable(about)]),
    ...Object.entries(schemas).flatMap(([what, schema]) => ['', style.bold(what), ...schemaLines(schema, style)]),
    ...actions.flatMap((action) => [
      '',
      `${style.bold(`action ${printable(action.name)}`)} ${printable(action.summary)}`,
      ...schemaLines(action.input, style),
    ]),
  ]
}

function pluginText({plugin: {name, version}}: InstalledType): string {
  return `${name} ${version}`
}

function capabilityText(capabilities: InstalledType['capabilities']): string {
  if (capabilities === null) return ''
  const {exec, signal, recover, ownership} = capabilities
  const can = [exec ? 'exec' : '', signal ? 'signal' : '', recover ? 'recover' : ''].filter(Boolean).join(', ')
  return `${ownership === 'attached' ? 'attaches to what runs' : 'starts and stops'}${can === '' ? '' : `; can ${can}`}`
}
