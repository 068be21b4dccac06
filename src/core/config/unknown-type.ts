import type {Diagnostic} from '../contract/diagnostic.js'
import {suggest} from './suggest.js'

/** Types of plugins that are not part of harness, and where to get them. */
const pluginOf: Readonly<Record<string, string>> = {
  docker: 'docker',
  'docker-attach': 'docker',
  package: 'ssh',
  remote: 'ssh',
  ssh: 'ssh',
  anvil: 'graph',
  'indexer-service': 'graph',
  ipfs: 'graph',
  postgres: 'graph',
  'tap-contracts-deployment': 'graph',
}

/** Service types of older files that no plugin brings yet: what they run is all in their target. */
const broughtByNone: ReadonlySet<string> = new Set(['redis'])

interface Known {
  readonly names: readonly string[]
  readonly pointer: string
  /** Of a type that is not installed, and that somebody could install. A type that nobody knows is an error. */
  readonly notInstalled: Diagnostic['severity']
  /** Packages that the file names and that are not installed: one of them may bring it. */
  readonly lacking: readonly string[]
}

/** Names what is there, and the plugin to install where one is known. */
export function unknownType(
  sort: 'layer' | 'service type' | 'target type' | 'task type',
  type: string,
  {names, pointer, notInstalled, lacking}: Known,
): Diagnostic {
  const there = names.length === 0 ? 'none is known' : `known are ${names.join(', ')}`
  const isKnown = pluginWith(type) !== undefined || isOlder(sort, type) || lacking.length > 0
  return {
    severity: isKnown ? notInstalled : 'error',
    code: 'CONFIG_UNKNOWN_TYPE',
    message: `No plugin brings the ${sort} '${type}'; ${there}.`,
    pointer,
    suggestion: isOlder(sort, type) ? withoutType : suggestion(type, names, lacking),
  }
}

const withoutType = "leave 'service_type' out: its target says what is run"

function isOlder(sort: string, type: string): boolean {
  return sort === 'service type' && broughtByNone.has(type)
}

function pluginWith(type: string): string | undefined {
  if (Object.hasOwn(pluginOf, type)) return pluginOf[type]
  return /^graph-/.test(type) ? 'graph' : undefined
}

function suggestion(type: string, names: readonly string[], lacking: readonly string[]): string {
  const plugin = pluginWith(type)
  if (plugin !== undefined) return `run: harness plugins install ${plugin}`
  if (lacking.length > 0) return `run: harness plugins install ${lacking.join(' ')}`
  const near = suggest(type, names)
  return near === undefined
    ? "install a plugin that brings it, and name it under 'plugins': harness plugins install NAME"
    : `did you mean '${near}'?`
}
