import {diagnosticsPage, docsOf} from './diagnostic-docs.js'
import type {LocatedDiagnostic} from '../core/config/problems.js'
import type {Terminal} from './terminal.js'

/**
 * The problems of a stack file for standard error, with the lines of the file, and where the codes are described. What formats them is
 * loaded only when there are some.
 */
export async function diagnosticLines(
  diagnostics: readonly LocatedDiagnostic[],
  terminal: Terminal,
): Promise<readonly string[]> {
  if (diagnostics.length === 0) return []
  const {formatDiagnostics} = await import('../core/config/format-diagnostics.js')
  const {enabled: colour, dim} = terminal.errorStyle
  const docs = terminal.quiet ? [] : [dim(`The codes are described in ${diagnosticsPage()}`)]
  return [formatDiagnostics(diagnostics, {colour}), ...docs, '']
}

/** The shape of a problem for programs. */
export function diagnosticData(diagnostic: LocatedDiagnostic): Readonly<Record<string, number | string | null>> {
  const {severity, code, message, file, line, column, path, suggestion} = diagnostic
  return {
    severity,
    code,
    message,
    file: file ?? null,
    line: line ?? null,
    column: column ?? null,
    path,
    suggestion: suggestion ?? null,
    docs: docsOf(diagnostic),
  }
}
