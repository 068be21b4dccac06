/** A mistake of usage in our words. */
export interface UsageWords {
  readonly message: string
  readonly hint: string
}

type Rule = readonly [pattern: RegExp, words: (found: readonly string[]) => UsageWords]

const seeHelp = 'Run the command with --help to see how it is used.'

/** What the parser of the command line says, in one line that names the flag and what was expected; `undefined` where it says so itself. */
export function usageWords(message: string): UsageWords | undefined {
  for (const [pattern, words] of rules) {
    const found = pattern.exec(message)
    if (found) return words(found.map((part) => part || ''))
  }
  return undefined
}

const rules: readonly Rule[] = [
  [
    /(--[\w-]+)(?:=.*)? cannot also be provided when using (--[\w-]+)/,
    ([, one, other]) => ({
      message: `${one} and ${other} exclude each other.`,
      hint: `Leave ${one} or ${other} out.`,
    }),
  ],
  [
    /Parsing (--[\w-]+)\s+Expected an integer(?: (greater|less) than or equal to (-?\d+))? but received: (.*)/s,
    ([, flag, bound, limit, given]) => ({
      message: `${flag} expects a whole number${bound ? ` of at ${bound === 'greater' ? 'least' : 'most'} ${limit}` : ''}, not '${given}'.`,
      hint: `Write ${flag} ${limit || '4'}, for one.`,
    }),
  ],
  [
    /Expected (--[\w-]+)=(.*) to be one of: (.*)/,
    ([, flag, given, options]) => ({
      message: `${flag} expects one of ${options}, not '${given}'.`,
      hint: `Write ${flag} ${options?.split(',')[0]}, for one.`,
    }),
  ],
  [
    /Flag (--[\w-]+) expects a value/,
    ([, flag]) => ({message: `${flag} expects a value, and none follows it.`, hint: seeHelp}),
  ],
  [
    /Missing \d+ required args?:\s*\n\s*(\S+) +(.*)/,
    ([, name, about]) => ({
      message: `${name?.toUpperCase()} is missing: ${sentence(about)}`,
      hint: seeHelp,
    }),
  ],
]

/** A description as the end of a sentence. */
function sentence(about = ''): string {
  const text = about.trim().replace(/\.$/, '')
  const isWord = /^[A-Z][a-z]/.test(text)
  return `${isWord ? text.charAt(0).toLowerCase() + text.slice(1) : text}.`
}
