import {HarnessError} from '../base/errors.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {Place} from './node.js'
import {locationOf, type Location, type Span} from './source.js'

/** A diagnostic that knows its place in a file, where it has one. */
export interface LocatedDiagnostic extends Omit<Diagnostic, 'pointer'>, Partial<Location> {
  /** `services.api.ports[0]`, as written in the file. */
  readonly path: string
}

export interface Finding {
  readonly code: Diagnostic['code']
  readonly message: string
  readonly suggestion?: string | undefined
  /** @default 'error' */
  readonly severity?: Diagnostic['severity']
}

/** What is wrong with a line of a file with variables. */
export interface LineProblem {
  readonly about: 'syntax' | 'variable'
  readonly line: number
  readonly column: number
  readonly severity: Diagnostic['severity']
  readonly message: string
  readonly suggestion?: string
}

/** Of each severity: nobody reads more, and a file can have as many as letters. */
const maxProblems = 200

/** Collects problems while a file is read, so that all of them are told at once. */
export class Problems {
  private readonly found = new Map<string, LocatedDiagnostic>()
  private readonly counts = {error: 0, warning: 0}

  /** A problem of a key, or of the value under it. */
  add(place: Place, finding: Finding, at: 'key' | 'value' = 'value'): void {
    this.addAt(at === 'key' ? (place.key ?? place.node.span) : place.node.span, place.path, finding)
  }

  addAt(span: Span, path: string, finding: Finding): void {
    // A place is not looked for in vain: that takes its time.
    if (this.counts[finding.severity ?? 'error'] <= maxProblems) this.push(locate(finding, path, locationOf(span)))
  }

  /** A problem in a line of a file with variables. The line itself is not shown: it may hold a secret. */
  pushLine(file: string, {about, line, column, severity, message, suggestion}: LineProblem, path = ''): void {
    const code = about === 'syntax' ? 'CONFIG_SYNTAX' : 'CONFIG_UNSET_VARIABLE'
    this.push({...locate({severity, code, message, suggestion}, path, undefined), file, line, column})
  }

  push(diagnostic: LocatedDiagnostic): void {
    const {line, message, path} = diagnostic
    // What a template says wrongly is said once, not for each that extends it.
    const said = line === undefined || path === '' ? message : message.replaceAll(path, '')
    const key = JSON.stringify([placeOf(diagnostic), said])
    if (this.found.has(key)) return
    const {severity} = diagnostic
    this.counts[severity] += 1
    if (this.counts[severity] <= maxProblems) this.found.set(key, diagnostic)
    else if (this.counts[severity] === maxProblems + 1) this.found.set(`more ${severity}`, more(diagnostic))
  }

  /** In the order of the files' lines; what has no place comes last. */
  all(): LocatedDiagnostic[] {
    const ranks = new Map<string | undefined, number>()
    for (const {file} of this.found.values()) if (!ranks.has(file)) ranks.set(file, ranks.size)
    const rank = ({file}: LocatedDiagnostic): number => ranks.get(file) ?? 0
    return [...this.found.values()].sort(
      (a, b) => rank(a) - rank(b) || (a.line ?? Infinity) - (b.line ?? Infinity) || (a.column ?? 0) - (b.column ?? 0),
    )
  }

  errors(): LocatedDiagnostic[] {
    return this.all().filter((each) => each.severity === 'error')
  }
}

/** The same for problems of one kind at one place. */
export function placeOf({file, line, column, code}: LocatedDiagnostic): string {
  return JSON.stringify([file, line, column, code])
}

/** Stands, at the place of the first of them, for all that are not told. */
function more({suggestion: _, ...diagnostic}: LocatedDiagnostic): LocatedDiagnostic {
  return {
    ...diagnostic,
    message: `From here on are more ${diagnostic.severity}s than the ${maxProblems} that are told.`,
  }
}

/** Puts a finding and its place together. */
export function locate(finding: Finding, path: string, location: Location | undefined): LocatedDiagnostic {
  return {
    severity: finding.severity ?? 'error',
    code: finding.code,
    message: finding.message,
    ...location,
    path,
    ...(finding.suggestion === undefined ? {} : {suggestion: finding.suggestion}),
  }
}

/** The one error for everything that is wrong with a stack file. */
export function invalidStack(file: string, diagnostics: readonly LocatedDiagnostic[]): HarnessError {
  const errors = diagnostics.filter((each) => each.severity === 'error').length
  const warnings = diagnostics.length - errors
  const counts = [count(errors, 'error'), ...(warnings > 0 ? [count(warnings, 'warning')] : [])].join(', ')
  return new HarnessError('CONFIG_INVALID', {
    subject: file,
    reason: counts,
    details: {diagnostics: diagnostics.map((each) => ({...each}))},
  })
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
