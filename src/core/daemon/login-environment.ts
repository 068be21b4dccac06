/** What programs expect to find however they are started. */
const expected = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_[A-Z]+|TZ|TMPDIR)$/

export interface GivenEnvironment {
  readonly env: Readonly<Record<string, string>>
  readonly login?: boolean | undefined
}

/** What a caller gives, over the daemon's own PATH, HOME and the like where the caller is on another machine and says so. */
export function environmentOf(
  {env, login = false}: GivenEnvironment,
  own: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<string, string>> {
  if (!login) return env
  const base = Object.entries(own).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && expected.test(entry[0]),
  )
  return {...Object.fromEntries(base), ...env}
}
