/** What is known of a command's flags. */
type Flags = Readonly<Record<string, {readonly type: string; readonly char?: string | undefined}>>

/** Puts `--` behind the service where none was typed: what follows is the command, its flags too. */
export function separateCommand(argv: readonly string[], flags: Flags): readonly string[] {
  if (argv.includes('--')) return argv
  const valued = withValue(flags)
  const service = argv.findIndex((word, index) => !word.startsWith('-') && !valued.has(argv[index - 1] ?? ''))
  return service === -1 ? argv : [...argv.slice(0, service + 1), '--', ...argv.slice(service + 1)]
}

/** Those whose next word is their value. */
function withValue(flags: Flags): ReadonlySet<string> {
  return new Set(
    Object.entries(flags).flatMap(([name, {type, char}]) =>
      type === 'option' ? [`--${name}`, ...(char === undefined ? [] : [`-${char}`])] : [],
    ),
  )
}
