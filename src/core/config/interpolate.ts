import {maxDepth, matchBraces} from './match-braces.js'
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
 * references stay. `text`: the answer is plain text, and a reference is an error. `pattern`: the same for a regular expression.
 */
export type FillMode = 'pattern' | 'template' | 'text'

/**
 * The first stage: fills in `$VARIABLES` and `${VARIABLES}` by the rules of compose-spec. A `$` before anything else stays as it is.
 * Only the arguments that are used are looked at.
 */
export function interpolate(text: string, mode: FillMode, variables: Variables): Interpolated {
  if (!text.includes('$')) return {text, findings: []}
  const {ends, tooDeep} = matchBraces(text)
  const state: Fill = {text, mode, variables, ends, findings: []}
  if (tooDeep === undefined) return {text: fill(state, 0, text.length), findings: state.findings}
  const message = `Variables stand within variables deeper than ${maxDepth} levels, at '${clip(text.slice(tooDeep))}'.`
  problem(state, message, 'take a part of it out into a variable of its own')
  return {text: '', findings: state.findings}
}

interface Fill {
  readonly text: string
  /** `message`: text for people, in which a reference is just shown. */
  readonly mode: FillMode | 'message'
  readonly variables: Variables
  readonly ends: ReadonlyMap<number, number>
  readonly findings: Finding[]
}

/** A part of the text that `${…}` encloses. */
interface Range {
  readonly from: number
  readonly to: number
}

function fill(state: Fill, from: number, to: number): string {
  let filled = ''
  let at = from
  for (;;) {
    const dollar = state.text.indexOf('$', at)
    if (dollar < 0 || dollar >= to) return filled + state.text.slice(at, to)
    const [piece, next] = afterDollar(state, dollar + 1, to)
    filled += state.text.slice(at, dollar) + piece
    at = next
  }
}

/** What stands for a `$` and the text after it, and where that text ends: at `to` at the latest, where the text or a `}` ends. */
function afterDollar(state: Fill, at: number, to: number): readonly [piece: string, next: number] {
  const {text, ends} = state
  if (text[at] === '$') return [literal(state, '$'), at + 1]
  if (text[at] === '{') {
    const end = ends.get(at)
    if (end !== undefined) return [braced(state, {from: at + 1, to: end}), end + 1]
    unclosed(state, text.slice(at - 1, to))
    return ['', to]
  }
  const name = match(/[A-Za-z_]\w*/y, text, at)?.[0]
  if (name === undefined) return [literal(state, '$'), at]
  return [variable(state, {name, operator: ''}, {from: to, to}), at + name.length]
}

function braced(state: Fill, {from, to}: Range): string {
  const {text} = state
  const [begin, name, operator = ''] = match(/([A-Za-z_]\w*)(:?[-?+])?/y, text, from) ?? []
  const start = from + (begin?.length ?? 0)
  const isWhole = name !== undefined && (operator !== '' || start === to)
  // A name with a dot is a reference, also where Compose would see `-` and a default: `${api-v2.port}`.
  const mayRefer = !isWhole || operator === '-'
  const inside = mayRefer ? text.slice(from, to) : ''
  if (mayRefer && isReference(inside)) return reference(state, inside)
  if (isWhole) return variable(state, {name, operator}, {from: start, to})
  problem(state, `'\${${clip(inside)}}' is neither a variable nor a reference.`, advice(inside))
  return ''
}

/** What was probably meant. */
function advice(inside: string): string {
  const [name = '', rest = ''] = inside.trim().split(/([^\w.-][^]*)/, 2)
  const known = `write '\${NAME}', '\${NAME:-default}', '\${service.port}', or '$$' for a literal '$'`
  const [dotted = '', beyond] = inside.split(/:?[-?+]/, 2)
  if (isReference(dotted) && beyond !== undefined) return `a reference takes no default: write '\${${clip(dotted)}}'`
  if (!/^[A-Za-z_]\w*$/.test(name)) return known
  if (rest === '') return `write '\${${clip(name)}}'`
  if (/^:?=|^:/.test(rest)) return `write '\${${clip(name)}:-default}' for a default`
  return /^[/#%^,@!]/.test(rest) ? `of the shell's forms there are only ':-', ':?', ':+', '-', '?' and '+'` : known
}

interface Use {
  readonly name: string
  readonly operator: string
}

function variable(state: Fill, {name, operator}: Use, argument: Range): string {
  const value = state.variables(name)
  const isPresent = value !== undefined && (value !== '' || !operator.startsWith(':'))
  if (operator.endsWith('+')) return isPresent ? fill(state, argument.from, argument.to) : ''
  if (isPresent) return literal(state, value)
  if (operator.endsWith('-')) return fill(state, argument.from, argument.to)
  if (operator.endsWith('?')) {
    const reason = fill({...state, mode: 'message'}, argument.from, argument.to)
      .trim()
      .replace(/\.$/, '')
    const must = value === undefined ? 'must be set' : 'is empty, but must have a value'
    const message = `Variable '${clip(name)}' ${must}${reason === '' ? '' : `: ${clip(reason, 200)}`}.`
    add(state, {code: 'CONFIG_UNSET_VARIABLE', message})
    return ''
  }
  add(state, {
    severity: 'warning',
    code: 'CONFIG_UNSET_VARIABLE',
    message: `Variable '${clip(name)}' is not set; an empty text takes its place.`,
    suggestion: `set ${clip(name)}, or write '\${${clip(name)}:-default}'`,
  })
  return ''
}

function reference(state: Fill, inside: string): string {
  if (state.mode === 'template' || state.mode === 'message') return `\${${inside}}`
  const shown = clip(inside)
  if (state.mode === 'pattern') {
    const suggestion = "write '$$' for the end of a line, '\\$$' for the sign '$'"
    problem(state, `The reference '\${${shown}}' cannot stand in a pattern: it takes variables only.`, suggestion)
    return ''
  }
  problem(
    state,
    `The reference '\${${shown}}' cannot stand here: this value must be known before anything starts.`,
    'references may stand in the fields of a target, env, config, action, checks, stop_command, creates and status',
  )
  return ''
}

function literal(state: Fill, text: string): string {
  return state.mode === 'template' ? escapeTemplate(text) : text
}

function unclosed(state: Fill, text: string): void {
  const hasPlain = /[^$]\{/.test(text)
  problem(
    state,
    `'${clip(text)}' has no closing brace.`,
    hasPlain ? "inside '${…}' every '{' needs its '}'" : "write '$$' for a literal '$'",
  )
}

function problem(state: Fill, message: string, suggestion: string): void {
  add(state, {code: 'CONFIG_INVALID_VALUE', message, suggestion})
}

/** Says each thing once, and no more of one value than people read. */
function add({findings}: Fill, finding: Finding): void {
  const alike = findings.filter(({severity}) => severity === finding.severity)
  if (alike.length < maxFindings && alike.every(({message}) => message !== finding.message)) findings.push(finding)
}

const maxFindings = 10

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function clip(text: string, length = 40): string {
  const line = text.slice(0, length).replaceAll(/\s+/g, ' ')
  return text.length > length ? `${line.slice(0, length - 1)}…` : line
}
