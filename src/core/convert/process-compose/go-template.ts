/** Values by name, in the language of the stack file. */
export type Vars = ReadonlyMap<string, string>

export interface Rendered {
  readonly text: string
  /** Actions that are more than a variable or a text. They are left as they are. */
  readonly lost: readonly string[]
}

// Quotes inside hold braces that end nothing; a dash beside a brace takes the white space outside along.
const actions = /(?:\s*\{\{-(?=\s)|\{\{)((?:"(?:\\.|[^"\\])*"|`[^`]*`|(?!\}\}|\s-\}\})[^])*)(?:\s-\}\}\s*|\}\})/g

/** Fills in `{{.NAME}}` and `{{"text"}}` of a Go template. */
export function render(text: string, vars: Vars): Rendered {
  const lost: string[] = []
  const rendered = text.replace(actions, (whole: string, action: string) => {
    const value = valueOf(action.trim(), vars)
    if (value === undefined) lost.push(whole.trim())
    return value ?? whole
  })
  return {text: rendered, lost}
}

function valueOf(action: string, vars: Vars): string | undefined {
  if (action.startsWith('/*') && action.endsWith('*/')) return ''
  const [, name] = /^\.([A-Za-z_]\w*)$/.exec(action) ?? []
  if (name !== undefined) return vars.get(name) ?? '<no value>'
  const [, quoted, raw] = /^(?:"((?:\\.|[^"\\])*)"|`([^`]*)`)$/.exec(action) ?? []
  return raw ?? quoted?.replace(/\\(.)/g, (_, character: string) => escapes[character] ?? character)
}

const escapes: Readonly<Record<string, string>> = {n: '\n', t: '\t', r: '\r'}
