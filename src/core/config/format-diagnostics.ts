import {isJsonObject, type Json} from '../base/json.js'
import {cleanText, codeFrame} from './code-frame.js'
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
    ...(place === '' ? [] : [paint.strong(cleanText(place))]),
    paint[severity](severity),
    cleanText(diagnostic.code),
    cleanText(diagnostic.message),
  ]
  return [parts.join('  '), ...frame(diagnostic, paint)].join('\n')
}

function frame(diagnostic: LocatedDiagnostic, paint: Paint): string[] {
  const {line, column, source, length, severity, suggestion} = diagnostic
  const hint = suggestion === undefined ? '' : cleanText(suggestion)
  if (line === undefined || column === undefined || source === undefined) return hint === '' ? [] : [`   ${hint}`]
  const gutter = `${String(line).padStart(5)} | `
  const {text, before, marked} = codeFrame(source, {from: column - 1, length: length ?? 1}, widestLine)
  const carets = `${' '.repeat(gutter.length + before)}${paint[severity]('^'.repeat(marked))}`
  return [`${paint.dim(gutter)}${text}`, hint === '' ? carets : `${carets}  ${hint}`]
}

/** Columns of a line of the file that are shown at most, beside its number. */
const widestLine = 120

function isDiagnostic(value: Json): value is Json & LocatedDiagnostic & {readonly pointer?: string} {
  if (!isJsonObject(value)) return false
  const {code, message, severity} = value
  return typeof code === 'string' && typeof message === 'string' && (severity === 'error' || severity === 'warning')
}
