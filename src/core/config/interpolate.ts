import type {Finding} from './problems.js'
import {escapeTemplate, isReference} from './template.js'

/** The value of a variable; `undefined` when it is not set. */
export type Variables = (name: string) => string | undefined

export interface Interpolated {
  readonly text: string
  readonly findings: readonly Finding[]
}

/**
 * `template`: the answer is a template of the second stage, so a literal `$` (also one out of a variable) is written `$$` and
 * references stay. `text`: the answer is plain text, and a reference is an error. `pattern`: the same for a regular expression, where
 * a `$` that begins nothing is the end of the line.
 */
export type FillMode = 'pattern' | 'template' | 'text'

/** The first stage: fills in `${VARIABLES}` by the rules of compose-spec. */
export function interpolate(text: string, mode: FillMode, variables: Variables): Interpolated {
  if (!text.includes('$')) return {text, findings: []}
  const findings: Finding[] = []
  return {text: fill({mode, variables, findings}, text), findings}
}

interface Fill {
  readonly mode: FillMode
  readonly variables: Variables
  readonly findings: Finding[]
}

const variablePattern = /^[A-Za-z_]\w*/

function fill(state: Fill, text: string): string {
  let filled = ''
  let at = 0
  while (at < text.length) {
    const dollar = text.indexOf('$', at)
    if (dollar < 0) return filled + text.slice(at)
    const rest = text.slice(dollar + 1)
    const [piece, length] = afterDollar(state, rest)
    filled += text.slice(at, dollar) + piece
    at = dollar + 1 + length
  }
  return filled
}

/** What stands for the text after a `$`, and how much of that text it used up. */
function afterDollar(state: Fill, rest: string): readonly [piece: string, length: number] {
  if (rest.startsWith('$')) return [literal(state, '$'), 1]
  const [plain] = variablePattern.exec(rest) ?? []
  if (plain !== undefined) return [variable(state, plain, '', ''), plain.length]
  if (!rest.startsWith('{')) {
    if (state.mode === 'pattern') return ['$', 0]
    problem(state, `A '$' stands alone in front of '${rest.slice(0, 10)}'.`, `write '$$' for a literal '$'`)
    return [literal(state, '$'), 0]
  }
  const end = closingBrace(rest)
  if (end === undefined) {
    problem(state, `'$${rest.slice(0, 30)}' has no closing brace.`, `write '$$' for a literal '$'`)
    return ['', rest.length]
  }
  return [braced(state, rest.slice(1, end)), end + 1]
}

function braced(state: Fill, inside: string): string {
  if (isReference(inside)) return reference(state, inside)
  const [, name, operator = '', argument = ''] = /^([A-Za-z_]\w*)(?:(:?[-?+])([^]*))?$/.exec(inside) ?? []
  if (name !== undefined) return variable(state, name, operator, argument)
  const [dotted = '', beyond] = inside.split(/:?[-?+]/, 2)
  const suggestion =
    isReference(dotted) && beyond !== undefined
      ? `a reference takes no default: write '\${${dotted}}'`
      : `write '\${NAME}', '\${NAME:-default}', '\${service.port}', or '$$' for a literal '$'`
  problem(state, `'\${${inside}}' is neither a variable nor a reference.`, suggestion)
  return ''
}

function variable(state: Fill, name: string, operator: string, argument: string): string {
  const value = state.variables(name)
  const present = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined
  if (operator.endsWith('+')) return present ? fill(state, argument) : ''
  if (present) return literal(state, value ?? '')
  if (operator.endsWith('-')) return fill(state, argument)
  if (operator.endsWith('?')) {
    const reason = argument === '' ? '' : `: ${fill({...state, mode: 'text'}, argument)}`
    state.findings.push({code: 'CONFIG_UNSET_VARIABLE', message: `Variable '${name}' must be set${reason}.`})
    return ''
  }
  state.findings.push({
    severity: 'warning',
    code: 'CONFIG_UNSET_VARIABLE',
    message: `Variable '${name}' is not set; an empty text takes its place.`,
    suggestion: `set ${name}, or write '\${${name}:-default}'`,
  })
  return ''
}

function reference(state: Fill, inside: string): string {
  if (state.mode === 'template') return `\${${inside}}`
  if (state.mode === 'pattern') {
    const suggestion = "write '$$' for the end of a line, '\\$$' for the sign '$'"
    problem(state, `The reference '\${${inside}}' cannot stand in a pattern: it takes variables only.`, suggestion)
    return ''
  }
  problem(
    state,
    `The reference '\${${inside}}' cannot stand here: this value must be known before anything starts.`,
    'references may stand in the fields of a target, env, config, action, checks, stop_command, creates and status',
  )
  return ''
}

function literal(state: Fill, text: string): string {
  return state.mode === 'template' ? escapeTemplate(text) : text
}

function problem(state: Fill, message: string, suggestion: string): void {
  state.findings.push({code: 'CONFIG_INVALID_VALUE', message, suggestion})
}

/** The end of `{…}`, inner `${…}` skipped. */
function closingBrace(text: string): number | undefined {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    if (text.startsWith('$$', index)) index += 1
    else if (text.startsWith('${', index)) {
      depth += 1
      index += 1
    } else if (text[index] === '{' && index === 0) depth += 1
    else if (text[index] === '}') {
      depth -= 1
      if (depth === 0) return index
    }
  }
  return undefined
}
