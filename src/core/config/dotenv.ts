/**
 * The variables of a `.env` file: `KEY=value`, `export KEY=value`, `KEY='as it is'`, `KEY="with \n escapes"`, `# comment`.
 * Lines that are none of these are passed over.
 */
export function parseDotenv(text: string): Map<string, string> {
  const variables = new Map<string, string>()
  const line = /^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(?:'([^']*)'|"((?:\\[^]|[^"\\])*)"|([^\r\n]*))/gm
  for (const [, name, single, double, plain] of text.replace(/^\uFEFF/, '').matchAll(line)) {
    if (name !== undefined) variables.set(name, single ?? unescape(double) ?? bare(plain))
  }
  return variables
}

const escapes: Readonly<Record<string, string>> = {n: '\n', r: '\r', t: '\t'}

function unescape(text: string | undefined): string | undefined {
  return text?.replace(/\\([^])/g, (_, character: string) => escapes[character] ?? character)
}

/** Without quotes a comment begins at a ` #`. */
function bare(text: string | undefined): string {
  return (text ?? '').replace(/(^|[ \t])#.*$/, '').trim()
}
