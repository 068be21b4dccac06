/** Variables of harness itself never reach a service. */
const own = /^HARNESS_/

/** What a service inherits of the caller's environment: everything, nothing, or the names that match a pattern (`*` is any text). */
export function narrowEnvironment(
  caller: Readonly<Record<string, string>>,
  inherit: boolean | readonly string[],
): Readonly<Record<string, string>> {
  if (inherit === false) return {}
  const patterns = inherit === true ? [/^/] : inherit.map(toPattern)
  return Object.fromEntries(
    Object.entries(caller).filter(([name]) => !own.test(name) && patterns.some((pattern) => pattern.test(name))),
  )
}

function toPattern(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`)
}
