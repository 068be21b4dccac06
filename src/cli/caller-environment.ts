/** The environment that local services inherit: the caller's, without harness's own settings. */
export function callerEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('HARNESS_'),
    ),
  )
}
