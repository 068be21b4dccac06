import {openFields} from './fields.js'
import type {Variables} from './interpolate.js'
import {keyNames} from './keys/names.js'
import {layEnvironment} from './lay-environment.js'
import {mergeNodes} from './merge.js'
import {joinPath, type Entry, type Node, type Place} from './node.js'
import type {Reading} from './reading.js'
import {locationOf} from './source.js'
import type {StackFile} from './stack-files.js'

/** Where a service or task is at home: the file that has it first. */
export interface Home {
  readonly directory: string
  readonly variables: Variables
  /** The tops of the files whose `settings` and `env` hold for it, the outermost first. The nearer one wins. */
  readonly scopes: readonly Place[]
}

/** One file out of all, and where each part of it is at home. */
export interface Assembled {
  readonly top: Place
  readonly root: Home
  /** By `services.api`; those that are not here are at home in the root. */
  readonly homes: ReadonlyMap<string, Home>
  /** The profiles that the chosen environment brings. */
  readonly profiles: readonly string[]
}

/** What an included file gives to the stack; the rest of it holds for its own services only. */
const sections = ['templates', 'secrets', 'networks', 'services', 'tasks'] as const

/** Lays each file on those that it includes, and the chosen environment on each file. */
export function assemble(reading: Reading, root: StackFile, environment: string | undefined): Assembled {
  const assembly: Assembly = {reading, environment, homes: new Map(), profiles: []}
  const own = {node: layEnvironment(readingOf(assembly, root), root.node, assembly), path: ''}
  const home = {directory: root.directory, variables: root.variables, scopes: [own]}
  const node = layOn(assembly, includedIn(assembly, root, home), own.node)
  return {top: {node, path: ''}, root: home, homes: assembly.homes, profiles: assembly.profiles}
}

interface Assembly {
  readonly reading: Reading
  readonly environment: string | undefined
  readonly homes: Map<string, Home>
  readonly profiles: string[]
}

function readingOf({reading}: Assembly, {variables}: StackFile): Reading {
  return {...reading, variables}
}

function includedIn(assembly: Assembly, {includes}: StackFile, outer: Home): readonly Node[] {
  return includes.map((file) => {
    const reading = readingOf(assembly, file)
    const own = {node: layEnvironment(reading, file.node, assembly), path: ''}
    openFields(reading, own, {keys: keyNames.stack, what: 'a stack file'})
    const {directory, variables} = file
    const home = {directory, variables, scopes: [...outer.scopes, own]}
    const node = layOn(assembly, includedIn(assembly, file, home), own.node)
    settle(assembly, node, home)
    return node
  })
}

/** What comes from further in has its home already. */
function settle({homes}: Assembly, node: Node, home: Home): void {
  for (const section of ['services', 'tasks']) {
    for (const name of entriesUnder(node, section).keys()) {
      const path = joinPath(section, name)
      if (!homes.has(path)) homes.set(path, home)
    }
  }
}

/** The file lies over what it includes. */
function layOn(assembly: Assembly, included: readonly Node[], own: Node): Node {
  if (included.length === 0 || own.kind !== 'map') return own
  const entries = new Map(own.entries)
  for (const section of sections) {
    const below = union(assembly, included, section)
    const [first] = below.values()
    if (first === undefined) continue
    const over = own.entries.get(section)
    const base: Node = {kind: 'map', span: over?.value.span ?? first.value.span, entries: below}
    entries.set(section, {key: over?.key ?? first.key, value: over ? mergeNodes(base, over.value) : base})
  }
  return {...own, entries}
}

/** Two files beside each other that both have it know nothing of each other: neither can be meant to change the other. */
function union({reading}: Assembly, nodes: readonly Node[], section: string): Map<string, Entry> {
  const all = new Map<string, Entry>()
  for (const node of nodes) {
    for (const [name, entry] of entriesUnder(node, section)) {
      const other = all.get(name)
      if (other === undefined) all.set(name, entry)
      else if (other.key.source !== entry.key.source || other.key.start !== entry.key.start) {
        const path = joinPath(section, name)
        const {file, line} = locationOf(other.key)
        const message = `Two included files have ${path}: the other is at ${file}:${line}.`
        const suggestion = 'rename one of them, or let one file include the other'
        reading.problems.addAt(entry.key, path, {code: 'CONFIG_DUPLICATE_KEY', message, suggestion})
      }
    }
  }
  return all
}

function entriesUnder(node: Node, section: string): ReadonlyMap<string, Entry> {
  const value = node.kind === 'map' ? node.entries.get(section)?.value : undefined
  return value?.kind === 'map' ? value.entries : new Map()
}
