/** An error as `--json` prints it: `{"error": {code, message, hint, details}}`. Of harness it is known by its code, as plugins know it. */
export function errorText(error: unknown): string {
  const {code, message, hint, details} = error as Partial<Record<'code' | 'details' | 'hint' | 'message', unknown>>
  const said = typeof message === 'string' && message !== '' ? message : String(error)
  const known = typeof code === 'string' && typeof hint === 'string'
  return JSON.stringify({
    error: known
      ? {code, message: said, hint, details: details ?? null}
      : {
          code: 'INTERNAL',
          message: said,
          hint: 'Please report it with the output of `harness daemon logs`.',
          details: null,
        },
  })
}
