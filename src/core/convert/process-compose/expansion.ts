import {literal} from '../literal.js'

/** Where a text goes: a shell can do by itself what the stack file cannot. */
export type Place = 'plain' | 'shell'

export interface Expanded {
  readonly text: string
  /** Substitutions that only a shell knows and that stand where there is none: `${NAME^^}`. */
  readonly lost: readonly string[]
}

/**
 * The variables of process-compose in the language of the stack file. Only `${…}` is one there, `$$` is a `$`, and `:?`, `:+`, `=` and `:=`
 * all mean what `:-` means.
 */
export function expand(text: string, place: Place): Expanded {
  const lost: string[] = []
  return {text: expandIn(text, place, lost), lost}
}

function expandIn(text: string, place: Place, lost: string[]): string {
  let expanded = ''
  let at = 0
  for (;;) {
    const dollar = text.indexOf('$', at)
    if (dollar < 0) return expanded + text.slice(at)
    expanded += text.slice(at, dollar)
    const rest = text.slice(dollar)
    const end = rest.startsWith('${') ? closing(rest) : undefined
    if (end !== undefined) expanded += braced(rest.slice(2, end), place, lost)
    else expanded += '$$'
    at = dollar + (end !== undefined ? end + 1 : rest.startsWith('$$') ? 2 : 1)
  }
}

function braced(inside: string, place: Place, lost: string[]): string {
  const [, name, argument] = /^([A-Za-z_]\w*)(?:(?::[-=?+]|=)([^]*))?$/.exec(inside) ?? []
  if (name !== undefined)
    return argument === undefined ? `\${${name}}` : `\${${name}:-${expandIn(argument, place, lost)}}`
  if (place === 'shell') return literal(`\${${inside}}`)
  lost.push(`\${${inside}}`)
  const [variable] = /[A-Za-z_]\w*/.exec(inside) ?? []
  return variable === undefined ? literal(`\${${inside}}`) : `\${${variable}}`
}

/** The end of `${…}`, inner ones skipped. */
function closing(text: string): number | undefined {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    if (text.startsWith('${', index)) depth += 1
    else if (text[index] === '}' && --depth === 0) return index
  }
  return undefined
}
