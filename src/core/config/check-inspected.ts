import type {Catalogue} from '../contract/catalogue.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {StackDefinition} from '../contract/stack.js'
import {checkHostPorts} from './check-host-ports.js'
import {checkStack} from './check-stack.js'
import {checkWatchedPaths} from './check-watched-paths.js'
import type {InspectedStack} from './inspect-stack.js'
import {locateDiagnostics} from './locate-diagnostics.js'
import {Problems, type LocatedDiagnostic} from './problems.js'
import {unsureParts, type Unsure} from './unsure.js'

export interface Strictness {
  /** A variable that is not set, a type that is not installed and a port that two services want are errors, not warnings. */
  readonly strict?: boolean
}

/**
 * All that is wrong with a stack file, what only the plugins and this machine know with the rest, in the order of its lines. Loads the
 * schema compiler.
 */
export function checkInspected(
  inspected: InspectedStack,
  catalogue: Catalogue,
  {strict = false}: Strictness = {},
): readonly LocatedDiagnostic[] {
  const {definition} = inspected
  const problems = strict ? inspected.problems.map(strictly) : inspected.problems
  if (definition === undefined) return problems
  const all = new Problems()
  for (const problem of problems) all.push(problem)
  const errors = problems.filter(({severity}) => severity === 'error')
  const severity = strict ? 'error' : 'warning'
  const found = findAll(definition, catalogue, {unsure: unsureParts(inspected.problems), severity})
  for (const each of locateDiagnostics(found, inspected)) {
    if (!errors.some((error) => follows(each, error))) all.push(each)
  }
  return all.all()
}

function findAll(
  definition: StackDefinition,
  catalogue: Catalogue,
  {unsure, severity}: {readonly unsure: Unsure; readonly severity: Diagnostic['severity']},
): Diagnostic[] {
  return [
    ...checkStack(definition, catalogue, {unsure, notInstalled: severity}),
    ...checkHostPorts(definition, catalogue, severity),
    ...checkWatchedPaths(definition),
  ]
}

function strictly(diagnostic: LocatedDiagnostic): LocatedDiagnostic {
  return diagnostic.code === 'CONFIG_UNSET_VARIABLE' ? {...diagnostic, severity: 'error'} : diagnostic
}

/** A part that could not be read has nothing or its default in the definition: that this does not fit either is no news. */
function follows(found: LocatedDiagnostic, error: LocatedDiagnostic): boolean {
  if (found.path === error.path) return true
  if (error.code === 'CONFIG_INVALID_VALUE' && lies(found.path, error.path)) return true
  const needs = ['target', 'type', 'service_type', 'task_type', 'extends'].map((key) => `${found.path}.${key}`)
  return found.code === 'CONFIG_MISSING_KEY' && needs.some((path) => path === error.path || lies(error.path, path))
}

function lies(inner: string, outer: string): boolean {
  return outer !== '' && (inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`))
}
