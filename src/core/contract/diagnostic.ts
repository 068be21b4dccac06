/** One problem of a stack file or definition. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning'
  readonly code: DiagnosticCode
  /** A full sentence that names the thing, what was expected and what was found. */
  readonly message: string
  /** JSON pointer into the stack definition, e.g. `/services/api/target/spec/binary`. */
  readonly pointer: string
  /** `did you mean 'health_check'?` or the next thing to do. */
  readonly suggestion?: string
}

type DiagnosticCode =
  | 'CONFIG_CYCLE'
  | 'CONFIG_DUPLICATE_KEY'
  | 'CONFIG_INVALID_NAME'
  | 'CONFIG_INVALID_VALUE'
  | 'CONFIG_MISSING_KEY'
  | 'CONFIG_SYNTAX'
  | 'CONFIG_UNKNOWN_DEPENDENCY'
  | 'CONFIG_UNKNOWN_KEY'
  | 'CONFIG_UNKNOWN_REFERENCE'
  | 'CONFIG_UNKNOWN_TYPE'
  | 'CONFIG_UNSET_VARIABLE'
