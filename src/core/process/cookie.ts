/** The variable that marks every process of an attempt: a UUID. */
export const cookieName = 'HARNESS_INSTANCE'

/** The variable that marks every process of a session beside a service: a UUID. */
export const sessionCookieName = 'HARNESS_SESSION'

/** The variable that names the folder of an attempt, which harness removes with it: for what the program needs only while it runs. */
export const runDirectoryName = 'HARNESS_RUN_DIR'

/** The environment of what is started from inside a service, and is to outlive it. */
export function withoutCookie(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => ![cookieName, sessionCookieName, runDirectoryName].includes(name)),
  )
}
