import type {Catalogue} from '../contract/catalogue.js'
import {checkStack} from './check-stack.js'
import type {InspectedStack} from './inspect-stack.js'
import {locateDiagnostics} from './locate-diagnostics.js'
import {Problems, type LocatedDiagnostic} from './problems.js'
import {unsureParts} from './unsure.js'

/** All that is wrong with a stack file, what only the plugins know with the rest, in the order of its lines. Loads the schema compiler. */
export function checkInspected(inspected: InspectedStack, catalogue: Catalogue): readonly LocatedDiagnostic[] {
  const {definition, problems} = inspected
  if (definition === undefined) return problems
  const all = new Problems()
  for (const problem of problems) all.push(problem)
  const errors = problems.filter(({severity}) => severity === 'error')
  for (const each of locateDiagnostics(checkStack(definition, catalogue, unsureParts(problems)), inspected)) {
    if (!errors.some((error) => follows(each, error))) all.push(each)
  }
  return all.all()
}

/** A part that could not be read has nothing or its default in the definition: that this does not fit either is no news. */
function follows(found: LocatedDiagnostic, error: LocatedDiagnostic): boolean {
  if (found.path === error.path) return true
  if (error.code === 'CONFIG_INVALID_VALUE' && lies(found.path, error.path)) return true
  const needs = ['target', 'type', 'service_type', 'task_type'].map((key) => `${found.path}.${key}`)
  return found.code === 'CONFIG_MISSING_KEY' && needs.some((path) => path === error.path || lies(error.path, path))
}

function lies(inner: string, outer: string): boolean {
  return outer !== '' && (inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`))
}
