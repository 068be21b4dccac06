import type {JsonObject} from '../../base/json.js'
import type {Converted, Origin} from '../converted.js'
import {given} from '../given.js'
import {literal} from '../literal.js'
import {Notes} from '../notes.js'
import {workingDirectory} from '../relocate.js'
import {sh, shellFields} from '../shell-line.js'
import {renamed, stackNames} from '../stack-names.js'
import {unreadable} from '../unreadable.js'

/** foreman counts from here: each process has a hundred ports of its own. */
const firstPort = 5000
const step = 100

interface Line {
  readonly foreign: string
  readonly command: string
}

/** A Procfile: `NAME: COMMAND` lines. CONFIG_INVALID when it is none. */
export function readProcfile(origin: Origin, text: string): Converted {
  const notes = new Notes()
  const lines = readLines(origin, text)
  const names = stackNames(lines.map(({foreign}) => foreign))
  const services = Object.fromEntries(
    lines.map(({foreign, command}, index): [string, JsonObject] => {
      const name = names.get(foreign) ?? foreign
      if (name !== foreign) notes.add(foreign, renamed(name), name)
      if (foreign === 'release') {
        notes.add(
          foreign,
          'is started with the others, as foreman does; Heroku runs it before them: make it a task then',
          name,
        )
      }
      const port = firstPort + index * step
      const listens = foreign === 'web' || /\bPORT\b/.test(command)
      const fields = {
        type: 'process',
        ...shellFields(sh, literal(command)),
        ...workingDirectory(origin, undefined),
        ports: listens ? [port] : undefined,
        env: {PORT: listens ? `\${${name}.port}` : String(port)},
      }
      return [name, given(fields)]
    }),
  )
  return {top: {}, services, tasks: {}, notes: notes.all()}
}

/** The last line with a name is the one that counts. */
function readLines({file}: Origin, text: string): readonly Line[] {
  const found = new Map<string, Line>()
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue
    const [, foreign, command] = /^([A-Za-z0-9_-]+):\s*(\S.*)$/.exec(line) ?? []
    if (foreign === undefined || command === undefined || command.includes('\0')) {
      throw unreadable(file, `line ${index + 1} must be NAME: COMMAND, got '${line.slice(0, 60)}'`)
    }
    found.set(foreign, {foreign, command})
  }
  if (found.size === 0) throw unreadable(file, 'it has no line NAME: COMMAND')
  return [...found.values()]
}
