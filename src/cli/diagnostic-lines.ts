import type {LocatedDiagnostic} from '../core/config/problems.js'
import type {Terminal} from './terminal.js'

/** The problems of a stack file for standard error, with the lines of the file. What formats them is loaded only when there are some. */
export async function diagnosticLines(
  diagnostics: readonly LocatedDiagnostic[],
  terminal: Terminal,
): Promise<readonly string[]> {
  if (diagnostics.length === 0) return []
  const {formatDiagnostics} = await import('../core/config/format-diagnostics.js')
  return [formatDiagnostics(diagnostics, {colour: terminal.errorStyle.enabled}), '']
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
  }
}
