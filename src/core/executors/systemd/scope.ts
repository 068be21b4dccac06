/** Whose manager: the one of this user, or the one of the machine. */
export type Scope = 'system' | 'user'

/** Root's services are the machine's; everybody else has a manager of their own, which needs no password. */
export function defaultScope(uid = process.getuid?.()): Scope {
  return uid === 0 ? 'system' : 'user'
}
