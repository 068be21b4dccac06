import type {Catalogue} from '../contract/catalogue.js'
import {checkInspected, type Strictness} from './check-inspected.js'
import {inspectStack, type InspectedStack} from './inspect-stack.js'
import type {LoadOptions} from './load-options.js'
import {placeOf, Problems, type LocatedDiagnostic} from './problems.js'

export interface FoundProblems {
  readonly inspected: InspectedStack
  readonly problems: readonly LocatedDiagnostic[]
}

/**
 * All that is wrong with a stack file: as it stands and, when none of its environments is chosen, with each of them laid over it, so that
 * a mistake is found today. The catalogue is asked for only when the file can be read at all.
 */
export async function findProblems(
  options: LoadOptions,
  loadCatalogue: () => Promise<Catalogue>,
  strictness: Strictness = {},
): Promise<FoundProblems> {
  const repeatable = {...options, ...readOnce(options)}
  const inspected = await inspectStack(repeatable, nothing)
  if (inspected.definition === undefined) return {inspected, problems: inspected.problems}
  const catalogue = await loadCatalogue()
  const plain = checkInspected(inspected, catalogue, strictness)
  if (options.environment !== undefined) return {inspected, problems: plain}
  const others = new Map<string, readonly LocatedDiagnostic[]>()
  for (const environment of inspected.environments) {
    const laid = await inspectStack({...repeatable, environment}, nothing)
    others.set(environment, checkInspected(laid, catalogue, strictness))
  }
  return {inspected, problems: join(plain, others)}
}

/** `checkInspected` checks the whole. */
const nothing = () => Promise.resolve([])

/** Standard input ends with its first reader. */
function readOnce({stdin}: LoadOptions): Pick<LoadOptions, 'stdin'> {
  if (stdin === undefined) return {}
  let text: Promise<string> | undefined
  return {stdin: () => (text ??= stdin())}
}

/** What is wrong in some environments only says so. */
function join(
  plain: readonly LocatedDiagnostic[],
  others: ReadonlyMap<string, readonly LocatedDiagnostic[]>,
): readonly LocatedDiagnostic[] {
  const known = new Set(plain.map(identity))
  const only = new Map<string, {readonly problem: LocatedDiagnostic; readonly environments: string[]}>()
  for (const [environment, problems] of others) {
    for (const problem of problems.filter((each) => !known.has(identity(each)))) {
      const key = JSON.stringify([identity(problem), problem.message])
      const found = only.get(key)
      if (found) found.environments.push(environment)
      else only.set(key, {problem, environments: [environment]})
    }
  }
  const all = new Problems()
  for (const problem of plain) all.push(problem)
  for (const {problem, environments} of only.values()) all.push(within(problem, environments))
  return all.all()
}

/** The words may differ, as by what else is there. */
function identity(problem: LocatedDiagnostic): string {
  return JSON.stringify([problem.severity, placeOf(problem), problem.path])
}

function within(problem: LocatedDiagnostic, environments: readonly string[]): LocatedDiagnostic {
  const names = environments.map((name) => `'${name}'`).join(', ')
  const where = `in environment${environments.length === 1 ? '' : 's'} ${names}`
  return {...problem, message: `${problem.message.replace(/\.$/, '')} (${where}).`}
}
