/** An error with a code that harness knows: it prints reason and hint, and ends with the exit code that belongs to it. */
export function commandError(
  code: 'ACTION_FAILED' | 'SERVICE_UNKNOWN' | 'USAGE',
  {subject, reason, hint}: {readonly subject: string; readonly reason: string; readonly hint: string},
): Error {
  return Object.assign(new Error(`${subject}: ${reason}.`), {code, subject, reason, hint})
}
