/** A section of a configuration file: its keys in lower case, of which some may come several times. */
export type Section = readonly (readonly [key: string, value: string])[]

export interface WireguardFile {
  readonly interface: Section
  readonly peers: readonly Section[]
}

/** Reads what `wg-quick` would: sections in brackets, `Key = Value`, comments after `#`. What is neither is answered as `strange`, by line number. */
export function parseFile(text: string): WireguardFile & {readonly strange: readonly number[]} {
  const own: [string, string][] = []
  const peers: [string, string][][] = []
  const strange: number[] = []
  let section: [string, string][] | undefined
  for (const [index, whole] of text.split('\n').entries()) {
    const line = whole.replace(/#.*$/, '').trim()
    if (line === '') continue
    const [, name] = /^\[(interface|peer)\]$/i.exec(line) ?? []
    const [, key, value] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? []
    if (name !== undefined) {
      section = name.toLowerCase() === 'peer' ? [] : own
      if (section !== own) peers.push(section)
    } else if (section && key !== undefined && value !== undefined) section.push([key.toLowerCase(), value])
    else strange.push(index + 1)
  }
  return {interface: own, peers, strange}
}

/** All values of a key; those of one line may be separated by commas. */
export function valuesOf(section: Section, key: string): readonly string[] {
  const lines = section.filter(([name]) => name === key.toLowerCase()).map(([, value]) => value)
  return lines.flatMap((value) => value.split(',').map((each) => each.trim())).filter((value) => value !== '')
}
