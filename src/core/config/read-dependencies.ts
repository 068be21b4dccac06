import type {DependencyCondition, DependencyDefinition} from '../contract/stack.js'
import {openFields} from './fields.js'
import {keyNames} from './keys/names.js'
import {entriesOf, type Place} from './node.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {expected, readBoolean, readChoice, readList, readText} from './values.js'

/** Ours first, then the names of Compose. */
const conditions: Readonly<Record<string, DependencyCondition>> = {
  started: 'started',
  ready: 'ready',
  completed: 'completed',
  succeeded: 'succeeded',
  service_started: 'started',
  service_healthy: 'ready',
  healthy: 'ready',
  service_completed_successfully: 'succeeded',
  completed_successfully: 'succeeded',
}

const plain = {required: true, restart: false} as const

type Read = DependencyDefinition & {readonly place: Place}

/** Names of services, or `{service: NAME}` and `{task: NAME}`. Of two entries for the same one, the later stands. */
export function readDependencies(reading: Reading, place: Place | undefined, pointer: string): DependencyDefinition[] {
  if (place?.node.kind === 'map') return expected(reading, place, 'a list', {suggestion: asItems(place), otherwise: []})
  const byName = new Map<string, Read>()
  for (const read of readList(reading, place, readDependency) ?? []) byName.set(`${read.kind} ${read.name}`, read)
  return [...byName.values()].map(({place: origin, ...dependency}, index) => {
    mark(reading, pointerTo(pointer, index), origin)
    return dependency
  })
}

/** Compose has a map of names and conditions here. */
function asItems(place: Place): string {
  const [name = 'NAME'] = entriesOf(place).map(([key]) => key)
  return `write [${name}], or [{service: ${name}, condition: ready}]`
}

function readDependency(reading: Reading, place: Place): Read | undefined {
  if (place.node.kind !== 'map') {
    const name = readText(reading, place, 'the name of a service, {service: NAME} or {task: NAME}')
    return name === undefined ? undefined : {kind: 'service', name, condition: 'ready', place, ...plain}
  }
  const field = openFields(reading, place, {keys: keyNames.dependency, what: 'a dependency'})
  const service = field('service')
  const task = field('task')
  const condition = readChoice(reading, field('condition'), conditions)
  const required = readBoolean(reading, field('required')) ?? plain.required
  const restart = readBoolean(reading, field('restart')) ?? plain.restart
  if ((service === undefined) === (task === undefined)) {
    return expected(reading, place, 'a dependency on one service or one task', {
      suggestion: 'write {service: NAME} or {task: NAME}',
    })
  }
  const kind = service === undefined ? 'task' : 'service'
  const name = readText(reading, service ?? task)
  if (name === undefined) return undefined
  return {kind, name, condition: condition ?? (kind === 'task' ? 'succeeded' : 'ready'), required, restart, place}
}
