/** One word of the POSIX shell. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/**
 * What is sent so that the POSIX shell reads the command, whatever the shell of that user is: fish and csh take single quotes too, but not with every
 * character between them, so those are written as numbers. First a line with the mark and the pid comes out: what is before it is the noise of the files
 * that such a shell reads.
 */
export function forPosixShell(command: string, mark: string): string {
  const numbered = command.replace(/[\\!'"$`\n\r]/g, (odd) => `\\0${odd.charCodeAt(0).toString(8).padStart(3, '0')}`)
  // The dot keeps line breaks at the end.
  return `exec sh -c 'harness_line=$(printf %b. "${numbered}"); echo "${mark} $$"; eval "\${harness_line%.}"'`
}
