/** Variables of harness itself, and the values of secrets, never reach a service by themselves. */
const own = /^(HARNESS_|secret\.)/

/** What a service inherits of the caller's environment: everything, nothing, or the names that match a pattern (`*` is any text) and none with `!` before it. */
export function narrowEnvironment(
  caller: Readonly<Record<string, string>>,
  inherit: boolean | readonly string[],
): Readonly<Record<string, string>> {
  if (inherit === false) return {}
  const patterns = inherit === true ? ['*'] : inherit
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!')).map(toPattern)
  const unwanted = [
    own,
    ...patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => toPattern(pattern.slice(1))),
  ]
  const matches = (name: string, some: readonly RegExp[]): boolean => some.some((pattern) => pattern.test(name))
  return Object.fromEntries(
    Object.entries(caller).filter(([name]) => matches(name, wanted) && !matches(name, unwanted)),
  )
}

function toPattern(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`)
}
