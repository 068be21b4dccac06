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
  const units = new Set<string>()
  let names = false
  for (const {severity, code, path} of problems) {
    if (severity !== 'error') continue
    if (path === 'services' || path === 'tasks') names = true
    const [, unit, rest = ''] = unitPath.exec(path) ?? []
    const whole = rest === '' && code !== 'CONFIG_INVALID_NAME' && code !== 'CONFIG_MISSING_KEY'
    if (
      unit !== undefined &&
      (whole || /^\.(target\.)?(dependencies|depends_on|health_check|healthcheck|ports)\b/.test(rest))
    )
      units.add(unit)
  }
  return {names, units}
}
