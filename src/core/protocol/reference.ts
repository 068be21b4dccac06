import {errorTable} from '../base/error-table.js'
import {namePattern} from '../base/ids.js'
import {definitions} from './definitions.js'
import {closeCodes, limits, protocolVersion, rpcCodes} from './messages.js'
import {methods} from './methods.js'
import {notificationTable} from './notification-table.js'
import {guide} from './reference-guide.js'
import {meaningOfCloseCode, meaningOfLimit, meaningOfRpcCode} from './reference-text.js'
import {propertiesOf, typeText} from './schema-text.js'

type Schema = Readonly<Record<string, unknown>>

/** docs/protocol.md: the guide, then the tables that client and daemon run on. */
export function protocolMarkdown(): string {
  const parts = [
    guide,
    section(
      'Methods',
      Object.keys(methods)
        .map((name) => `- [\`${name}\`](#${anchor(name)})`)
        .join('\n'),
    ),
    ...Object.entries(methods).map(([name, method]) => methodText(name, method)),
    section('Notifications', 'Messages without an `id`; nobody answers them.'),
    ...Object.entries(notificationTable).map(
      ([name, {from, summary, params}]) =>
        `### \`${name}\`\n\nFrom the ${from}. ${summary}\n\nParams:\n\n${shape(params)}`,
    ),
    section('Shapes', `A \`name\` matches \`${namePattern}\`. A \`?\` marks what may be left out.`),
    ...Object.entries(definitions).map(([name, schema]) => `### ${name}\n\n${shape(schema)}`),
    section('Errors', errorsText()),
    section('Close codes', table(['code', 'meaning'], codeRows(closeCodes, meaningOfCloseCode))),
    section('Limits', table(['limit', 'value', 'meaning'], limitRows())),
  ]
  return `${parts.join('\n\n')}\n`
}

/** docs/protocol.json: the same for programs, with whole JSON Schemas. */
export function protocolJson(): string {
  const errors = Object.fromEntries(
    Object.entries(errorTable).map(([code, {exit, what, hint}]) => [code, {exit, what, hint}]),
  )
  const reference = {
    protocolVersion,
    methods,
    notifications: notificationTable,
    $defs: definitions,
    rpcCodes,
    closeCodes,
    limits,
    errors,
  }
  return `${JSON.stringify(reference, null, 2)}\n`
}

function methodText(
  name: string,
  method: {
    readonly summary: string
    readonly since: number
    readonly channel?: true
    readonly params: Schema
    readonly result: Schema
  },
): string {
  return [
    `### \`${name}\``,
    `${method.summary} ${method.channel ? 'Has a [channel](#channels). ' : ''}Since version ${method.since}.`,
    `Params:\n\n${shape(method.params)}`,
    `Result:\n\n${shape(method.result)}`,
  ].join('\n\n')
}

/** An object as a table of its properties, anything else as its type. */
function shape(schema: Schema): string {
  const properties = propertiesOf(schema)
  if (properties.length === 0) return code(typeText(schema))
  const described = properties.some(({description}) => description !== '')
  const rows = properties.map(({name, type, required, description}) => [
    code(required ? name : `${name}?`),
    code(type),
    ...(described ? [description] : []),
  ])
  return table(['property', 'type', ...(described ? ['meaning'] : [])], rows)
}

function errorsText(): string {
  const ours = Object.entries(errorTable).map(([name, {exit, what}]) => [code(name), String(exit), `${what}.`])
  return [
    'Every error has a `code` of JSON-RPC and, in `data`, what a client needs to rebuild the typed error: `{code, subject, reason?, hint, details?}`.',
    table(['code', 'meaning'], codeRows(rpcCodes, meaningOfRpcCode)),
    'The codes of `data.code`, with the exit code of a command that ends with it:',
    table(['data.code', 'exit', 'message'], ours),
  ].join('\n\n')
}

function limitRows(): readonly (readonly string[])[] {
  return Object.entries(limits).map(([name, value]) => [
    code(name),
    String(value),
    meaningOfLimit[name as keyof typeof limits],
  ])
}

function codeRows<Name extends string>(
  codes: Readonly<Record<Name, number>>,
  meanings: Readonly<Record<Name, string>>,
): readonly (readonly string[])[] {
  return (Object.keys(codes) as Name[]).map((name) => [String(codes[name]), meanings[name]])
}

function section(title: string, text: string): string {
  return `## ${title}\n\n${text}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A pipe would end the cell of a table. */
function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``
}

function anchor(name: string): string {
  return name.toLowerCase().replaceAll('.', '')
}
