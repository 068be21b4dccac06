const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const

export type Colour = keyof typeof codes
export type Style = Readonly<Record<Colour, (text: string) => string>> & {readonly enabled: boolean}

/** Text attributes for a terminal; the same functions leave text as it is where colours are not wanted. */
export function createStyle(enabled: boolean): Style {
  const paint =
    (colour: Colour) =>
    (text: string): string =>
      enabled && text !== '' ? `\x1B[${codes[colour][0]}m${text}\x1B[${codes[colour][1]}m` : text
  return {
    enabled,
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
    blue: paint('blue'),
    magenta: paint('magenta'),
    cyan: paint('cyan'),
  }
}

/** Colours are wanted on a terminal, unless the user or the terminal says no; `FORCE_COLOR` wants them everywhere. */
export function wantsColour(options: {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isTty: boolean
  readonly flag: boolean
}): boolean {
  const {env} = options
  if (!options.flag || env['NO_COLOR']) return false
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0'
  return options.isTty && env['TERM'] !== 'dumb'
}
