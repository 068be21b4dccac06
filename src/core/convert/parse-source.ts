import {Lexer, parseDocument, Parser, visit} from 'yaml'
import {isJsonObject} from '../base/json.js'
import {messageOf} from '../base/errors.js'
import {unreadable} from './unreadable.js'

/** A value of a foreign file. Numbers are texts, as they were written. */
export type Value = string | boolean | null | readonly Value[] | {readonly [key: string]: Value}
export type ValueMap = {readonly [key: string]: Value}

/** How often aliases may be followed, so that a small file cannot unfold into a huge one. */
const maxAliasCount = 1000

/** Deeper files would exhaust the stack. */
const maxDepth = 100

/** The top of a YAML or JSON file, which must be a map. CONFIG_INVALID says the line. */
export function parseMap(file: string, text: string): ValueMap {
  const value = parseValue(file, text)
  if (isJsonObject(value)) return value
  throw unreadable(file, `it must be a map, got ${describe(value)}`)
}

export function parseValue(file: string, text: string): Value {
  refuseDeep(file, text)
  try {
    const document = parseDocument(text, {schema: 'core', merge: true, logLevel: 'silent'})
    const [error] = document.errors
    if (error) throw unreadable(file, (error.message.split('\n')[0] ?? '').replace(/:$/, ''))
    visit(document, {
      Scalar(_key, node) {
        if (typeof node.value === 'number' || typeof node.value === 'bigint')
          node.value = node.source ?? String(node.value)
      },
    })
    return document.toJS({maxAliasCount}) as Value
  } catch (error) {
    if (error instanceof ReferenceError || error instanceof RangeError) throw unreadable(file, messageOf(error))
    throw error
  }
}

function refuseDeep(file: string, text: string): void {
  const parser = new Parser()
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme)) continue
    if (parser.stack.length > maxDepth) throw unreadable(file, 'it is nested too deep')
  }
}

/** For "must be …, got …". */
export function describe(value: Value | undefined): string {
  if (value === undefined || value === null) return 'nothing'
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 57)}...` : value}'`
  if (typeof value === 'boolean') return String(value)
  return Array.isArray(value) ? 'a list' : 'a map'
}
