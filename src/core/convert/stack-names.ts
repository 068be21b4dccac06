import {isName, toName} from '../base/ids.js'

/** A valid name for each name of the foreign file, no two the same. */
export function stackNames(foreign: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(foreign.filter((name) => isName(name)))
  return new Map(
    foreign.map((name) => {
      if (isName(name)) return [name, name] as const
      const free = freeName(toName(name), taken)
      taken.add(free)
      return [name, free] as const
    }),
  )
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted
  for (let number = 2; taken.has(name); number++) name = `${wanted.slice(0, 58)}-${number}`
  return name
}

/** What is noted of a name that had to change. */
export function renamed(name: string): string {
  return `is called '${name}' here: names have lower-case letters, digits, - and _`
}
