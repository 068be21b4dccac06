import type {Diagnostic} from '../contract/diagnostic.js'
import {suggest} from './suggest.js'

/** Types of plugins that are not part of harness, and where to get them. */
const pluginOf: Readonly<Record<string, string>> = {
  docker: 'docker',
  'docker-attach': 'docker',
  package: 'ssh',
  remote: 'ssh',
  anvil: 'graph',
  'graph-contracts': 'graph',
  'graph-node': 'graph',
  ipfs: 'graph',
  postgres: 'graph',
}

/** Names what is there, and the plugin to install where one is known. */
export function unknownType(
  sort: 'service type' | 'target type' | 'task type',
  type: string,
  {names, pointer}: {readonly names: readonly string[]; readonly pointer: string},
): Diagnostic {
  const there = names.length === 0 ? 'none is known' : `known are ${names.join(', ')}`
  return {
    severity: 'error',
    code: 'CONFIG_UNKNOWN_TYPE',
    message: `No plugin brings the ${sort} '${type}'; ${there}.`,
    pointer,
    suggestion: suggestion(type, names),
  }
}

function suggestion(type: string, names: readonly string[]): string {
  const plugin = Object.hasOwn(pluginOf, type) ? pluginOf[type] : undefined
  if (plugin !== undefined) return `run: harness plugins install ${plugin}`
  if (type === 'systemd') return "this harness has no systemd executor: use 'process'"
  if (type.startsWith('graph')) return 'run: harness plugins install graph'
  const near = suggest(type, names)
  return near === undefined
    ? 'install a plugin that brings it: harness plugins install NAME'
    : `did you mean '${near}'?`
}
