import {isJsonObject, type Json} from '../base/json.js'
import type {LocatedDiagnostic} from './problems.js'

/**
 * The problems of a stack file as people read them: `file:line:column  severity  CODE  message`, the line of the file
 * with the place underlined, and what to do. Control characters are taken out: a file may come from anywhere.
 */
export function formatDiagnostics(
  diagnostics: readonly LocatedDiagnostic[],
  options: {readonly colour?: boolean} = {},
): string {
  return diagnostics.map((each) => formatOne(each, options.colour === true ? colours : plain)).join('\n')
}

/** The diagnostics in the `details` of a CONFIG_INVALID error, whoever made it; those of a daemon still have their pointer only. */
export function diagnosticsIn(details: Json | undefined): (LocatedDiagnostic & {readonly pointer?: string})[] {
  const list = isJsonObject(details) ? details['diagnostics'] : undefined
  if (!Array.isArray(list)) return []
  return (list as readonly Json[]).flatMap((each) => (isDiagnostic(each) ? [each] : []))
}

interface Paint {
  readonly error: (text: string) => string
  readonly warning: (text: string) => string
  readonly dim: (text: string) => string
  readonly strong: (text: string) => string
}

const same = (text: string): string => text
const plain: Paint = {error: same, warning: same, dim: same, strong: same}
const sgr = (code: number) => (text: string) => `\u001B[${code}m${text}\u001B[0m`
const colours: Paint = {error: sgr(31), warning: sgr(33), dim: sgr(2), strong: sgr(1)}

function formatOne(diagnostic: LocatedDiagnostic, paint: Paint): string {
  const {file, line, column, severity} = diagnostic
  const place = [file ?? diagnostic.path, line, column].filter((part) => part !== undefined && part !== '').join(':')
  const parts = [
    ...(place === '' ? [] : [paint.strong(clean(place))]),
    paint[severity](severity),
    diagnostic.code,
    clean(diagnostic.message),
  ]
  return [parts.join('  '), ...frame(diagnostic, paint)].join('\n')
}

function frame(diagnostic: LocatedDiagnostic, paint: Paint): string[] {
  const {line, column, source, length, severity, suggestion} = diagnostic
  const hint = suggestion === undefined ? '' : clean(suggestion)
  if (line === undefined || column === undefined || source === undefined) return hint === '' ? [] : [`   ${hint}`]
  const gutter = `${String(line).padStart(5)} | `
  const before = width(source.slice(0, column - 1))
  const carets = '^'.repeat(Math.max(1, width(source.slice(column - 1, column - 1 + (length ?? 1)))))
  const marked = `${' '.repeat(gutter.length + before)}${paint[severity](carets)}`
  return [`${paint.dim(gutter)}${clean(source)}`, hint === '' ? marked : `${marked}  ${hint}`]
}

/** Columns on the screen, nearly: one for each character that is shown. */
function width(text: string): number {
  return Array.from(clean(text)).length
}

/** C0 and C1 controls, and the marks that turn the direction of writing round. Tabs become one space, so that carets stay in place. */
function clean(text: string): string {
  return text.replaceAll('\t', ' ').replaceAll(/[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '')
}

function isDiagnostic(value: Json): value is Json & LocatedDiagnostic & {readonly pointer?: string} {
  if (!isJsonObject(value)) return false
  const {code, message, severity} = value
  return typeof code === 'string' && typeof message === 'string' && (severity === 'error' || severity === 'warning')
}
