import {Composer, CST, Lexer, Parser, type Document, type YAMLError} from 'yaml'
import {messageOf} from '../base/errors.js'
import {buildNode} from './build-node.js'
import {withMergeTags} from './merge-tags.js'
import type {Node} from './node.js'
import type {Problems} from './problems.js'
import type {Source} from './source.js'

/** Deeper files are refused, here and on the wire. */
const maxDepth = 48
/** Names, values, signs, spaces and line ends. A thousand services are some thirty thousand. */
const maxLexemes = 500_000
/** Anchors, and aliases: more of these than they may unfold to are of no use, and all of them have to be looked at. */
const maxMarks = 10_000

/** Reads one YAML 1.2 text into nodes that know their place. `undefined` when it is not YAML; the problems say why. */
export function parseYaml(source: Source, problems: Problems): Node | undefined {
  const {text} = source
  const complain = (start: number, end: number, message: string): void => {
    const suggestion = message.startsWith('Tabs are not allowed') ? 'write spaces' : undefined
    problems.addAt({source, start, end}, '', {code: 'CONFIG_SYNTAX', message, suggestion})
  }
  const tokens = tokenize(text, (offset, why) => {
    complain(offset, offset + 1, why)
  })
  if (tokens === undefined) return undefined
  const document = compose(tokens, text.length, complain)
  return document && buildNode(document, source, problems)
}

type Refuse = (offset: number, why: string) => void

/** Watches depth and numbers as it goes: composing a file that is nested without end would exhaust the stack. */
function tokenize(text: string, refuse: Refuse): CST.Token[] | undefined {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  const excess = createExcess(parser)
  let offset = 0
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token)
    const why = excess(lexeme)
    if (why !== undefined) {
      refuse(offset, why)
      return undefined
    }
    offset = parser.offset
  }
  return [...tokens, ...parser.end()]
}

/** What there is too much of with one lexeme more. */
function createExcess(parser: Pick<Parser, 'stack'>): (lexeme: string) => string | undefined {
  let count = 0
  let anchors = 0
  let aliases = 0
  let isText = false
  return (lexeme) => {
    const [sign = ''] = lexeme
    if (!isText && sign === '&') anchors += 1
    if (!isText && sign === '*') aliases += 1
    // What follows is the text of a value, whatever it begins with.
    isText = lexeme === CST.SCALAR
    count += 1
    if (parser.stack.length > maxDepth + 2) return `The file is nested deeper than ${maxDepth} levels.`
    if (anchors > maxMarks) return `The file has more than ${maxMarks} anchors.`
    if (aliases > maxMarks) return `The file has more than ${maxMarks} aliases.`
    return count > maxLexemes ? `The file has more than ${maxLexemes} names, values and signs.` : undefined
  }
}

type Complain = (start: number, end: number, message: string) => void

function compose(tokens: readonly CST.Token[], end: number, complain: Complain): Document.Parsed | undefined {
  // Duplicate keys are found later, where their path is known; `core` holds also against a %YAML directive.
  const composer = new Composer({
    schema: 'core',
    customTags: withMergeTags,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  const documents: Document.Parsed[] = []
  try {
    for (const each of composer.compose(tokens, true, end)) if (documents.push(each) > 1) break
  } catch (error) {
    complain(0, 1, sentence(messageOf(error)))
    return undefined
  }
  const [document, second] = documents
  if (second) complain(second.range[0], second.range[0] + 3, 'A stack file is one YAML document; here a second begins.')
  const errors: readonly YAMLError[] = [...(document?.errors ?? []), ...(document?.warnings ?? [])]
  for (const error of errors) complain(error.pos[0], error.pos[1], sentence(error.message))
  return errors.length > 0 || second ? undefined : document
}

/** The parser quotes what it does not know in full. */
function sentence(message: string): string {
  const short = message.length > 200 ? `${message.slice(0, 200)}…` : message
  return short.endsWith('.') ? short : `${short}.`
}
