import type {Diagnostic} from '../contract/diagnostic.js'
import {logPatterns, readGroups} from './log-patterns.js'
import type {StackNode} from './stack-graph.js'

/** Patterns that are no regular expressions, and log checks where they can tell nothing. */
export function checkProbes(nodes: ReadonlyMap<string, StackNode>): Diagnostic[] {
  return [...nodes.values()].flatMap((node) => {
    if (node.kind !== 'service') return []
    const {healthCheck, liveness} = node.definition
    const ready = healthCheck ? logPatterns(healthCheck.check, `${node.pointer}/healthCheck/check`) : []
    const alive = liveness ? logPatterns(liveness.check, `${node.pointer}/liveness/check`) : []
    return [
      ...ready.flatMap(([pointer, pattern]) => checkPattern(pointer, pattern, `${node.path}.health_check`)),
      ...alive.map(([pointer]) => notAlive(pointer, `${node.path}.liveness`)),
    ]
  })
}

function checkPattern(pointer: string, pattern: string, path: string): Diagnostic[] {
  const read = readGroups(pattern)
  if (read.groups) return []
  const message = `${path}: '${pattern}' is not a regular expression: ${read.problem}.`
  return [{severity: 'error', code: 'CONFIG_INVALID_VALUE', message, pointer}]
}

function notAlive(pointer: string, path: string): Diagnostic {
  return {
    severity: 'error',
    code: 'CONFIG_INVALID_VALUE',
    message: `${path} cannot be a log check: a line that came once does not say that the service is still alive.`,
    pointer,
    suggestion: 'check by http, tcp or command here, and leave the log to health_check',
  }
}
