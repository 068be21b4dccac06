import {withAwaitedEnds} from '../awaited-ends.js'
import type {Converted, Origin} from '../converted.js'
import {given} from '../given.js'
import {Notes} from '../notes.js'
import {parseMap} from '../parse-source.js'
import {Part} from '../part.js'
import {renamed, stackNames} from '../stack-names.js'
import {extendServices} from './extend-services.js'
import {readService} from './read-service.js'
import {unsupportedOfFile} from './unsupported.js'

/** A compose.yaml. CONFIG_INVALID when it is none. */
export function readCompose(origin: Origin, text: string): Converted {
  const notes = new Notes()
  const top = new Part(parseMap(origin.file, text), {file: origin.file, path: '', notes})
  const parts = extendServices(top.parts('services'))
  if (parts.size === 0) top.wrong('services', 'a map of services', undefined)
  const names = stackNames([...parts.keys()])
  const services = Object.fromEntries(
    [...parts].map(([foreign, part]) => {
      const name = names.get(foreign) ?? foreign
      const own = part.about(name)
      own.value('extends')
      if (name !== foreign) own.note('', renamed(name))
      return [name, readService(origin, names, own)]
    }),
  )
  if (parts.size > 1) {
    notes.add(
      'services',
      'know each other by name on one network there; here `${NAME.host}` and `${NAME.port}` are the address of one',
    )
  }
  const name = readName(top)
  noteDeclared(top)
  top.leftOvers(unsupportedOfFile)
  return {
    top: given({name}),
    services: withAwaitedEnds(services, {}, notes),
    tasks: {},
    notes: notes.all(),
  }
}

function readName(top: Part): string | undefined {
  const name = top.text('name')
  if (name === undefined || name.includes('$')) return name
  return stackNames([name]).get(name)
}

/** Networks and volumes are made when they are needed: only what is said of them beside their names is lost. */
function noteDeclared(top: Part): void {
  for (const section of ['networks', 'volumes']) {
    for (const [, declared] of top.parts(section)) declared.leftOvers()
  }
}
