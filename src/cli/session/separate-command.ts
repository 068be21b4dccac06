/** Flags whose next word is their value. */
const withValue = new Set(['-c', '--config', '--stack'])

/** Puts `--` behind the service where none was typed: what follows is the command, its flags too. */
export function separateCommand(argv: readonly string[]): readonly string[] {
  if (argv.includes('--')) return argv
  const service = argv.findIndex((word, index) => !word.startsWith('-') && !withValue.has(argv[index - 1] ?? ''))
  return service === -1 ? argv : [...argv.slice(0, service + 1), '--', ...argv.slice(service + 1)]
}
