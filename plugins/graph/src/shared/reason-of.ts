/** Why a connection failed: `fetch failed` alone says nothing, the cause does. */
export function reasonOf(error: unknown): string {
  const {cause, message, code} = error as NodeJS.ErrnoException & {cause?: unknown}
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (cause !== undefined) return reasonOf(cause)
  return message === '' ? (code ?? String(error)) : message
}
