/** The variable that marks every process of an attempt: a UUID. */
export const cookieName = 'HARNESS_INSTANCE'

/** The variable that marks every process of a session beside a service: a UUID. */
export const sessionCookieName = 'HARNESS_SESSION'

/** The environment of what is started from inside a service, and is to outlive it. */
export function withoutCookie(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name !== cookieName && name !== sessionCookieName))
}
