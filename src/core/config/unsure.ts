import type {LocatedDiagnostic} from './problems.js'

/** What could not be read well: nothing is said of what follows from it, it would be reported a second time. */
export interface Unsure {
  /** Some services or tasks may be missing. */
  readonly names: boolean
  /** `services.api`: those whose ports, outputs or dependencies may be missing. */
  readonly units: ReadonlySet<string>
}

export const nothingUnsure: Unsure = {names: false, units: new Set()}

const unitPath = /^((?:services|tasks)\.(?:[\w-]+|"(?:[^"\\]|\\.)*"))(.*)$/s

export function unsureParts(problems: readonly LocatedDiagnostic[]): Unsure {
  const errors = problems.filter(({severity}) => severity === 'error')
  const units = errors.flatMap(({code, path}) => unsureUnit(code, path) ?? [])
  return {names: errors.some(({code, path}) => hidesNames(code, path)), units: new Set(units)}
}

function unsureUnit(code: LocatedDiagnostic['code'], path: string): string | undefined {
  const [, unit, rest = ''] = unitPath.exec(path) ?? []
  const isWhole = rest === '' && code !== 'CONFIG_INVALID_NAME' && code !== 'CONFIG_MISSING_KEY'
  return isWhole || shapingKeys.test(rest) ? unit : undefined
}

const shapingKeys = /^\.(target\.)?(dependencies|depends_on|extends|health_check|healthcheck|ports)\b/

/** An included file that could not be read has the services that others name. */
function hidesNames(code: LocatedDiagnostic['code'], path: string): boolean {
  return /^(services$|tasks$|include\b)/.test(path) || (code === 'CONFIG_SYNTAX' && path === '')
}

/** What an entry lacks because its template is not there need not be told beside that. */
export function withoutConsequences(problems: readonly LocatedDiagnostic[]): readonly LocatedDiagnostic[] {
  const failed = problems.filter(({severity, path}) => severity === 'error' && /\.extends(\[\d+\])?$/.test(path))
  const owners = new Set(failed.map(({path}) => path.replace(/\.extends(\[\d+\])?$/, '')))
  return problems.filter(({code, path}) => code !== 'CONFIG_MISSING_KEY' || !owners.has(path.replace(/\.target$/, '')))
}
