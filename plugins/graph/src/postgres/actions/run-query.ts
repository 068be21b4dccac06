import type {Client} from 'pg'
import type {Json, JsonObject} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {connect} from '../connect.js'
import type {Context, Services} from '../postgres-services.js'
import {queryProblem} from '../problem.js'
import {Canceller} from '../query/cancel-on-abort.js'
import {runStatements, type Statement} from '../query/run-statements.js'
import type {MakeAction} from './action.js'
import {databaseField} from './fields.js'
import {firstDatabase} from './first-database.js'

export interface Input {
  readonly query: string
  readonly params?: readonly Json[]
  readonly database?: string
  readonly timeout_secs?: number
}

interface Result {
  readonly command: string | null
  readonly rows: readonly JsonObject[]
  readonly row_count: number
  readonly fields: readonly {readonly name: string; readonly type: string}[]
}

export type Output = Result & {readonly results?: readonly Result[]}

/** An answer is one message, and is held in memory several times on its way. */
const limits = {rows: 10_000, characters: 8_000_000}

const resultFields = {
  command: {
    type: ['string', 'null'],
    description: 'What was done: `SELECT`, `INSERT`, `CREATE` …; null for an empty query.',
  },
  rows: {
    type: 'array',
    items: {type: 'object'},
    description:
      'By the names of their fields. Booleans, numbers of up to 32 bits, floats and JSON as such; null; all else, also bigint, numeric and times, as PostgreSQL writes it.',
  },
  row_count: {type: 'integer', description: 'Rows that were read or changed.'},
  fields: {
    type: 'array',
    description: 'In their order.',
    items: object({
      name: {type: 'string', description: 'As in the rows.'},
      type: {type: 'string', description: 'Of PostgreSQL: `integer`, `text[]`.'},
    }),
  },
}

export const runQuery: MakeAction<Input, Output> = (services) => ({
  summary: 'Runs SQL.',
  input: object(
    {
      query: {
        type: 'string',
        minLength: 1,
        description: 'One statement; without params also several, in one transaction.',
      },
      params: {
        type: 'array',
        items: {},
        description: 'For `$1`, `$2` …: never part of the text. Objects are written as JSON.',
      },
      database: databaseField,
      timeout_secs: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 86_400,
        description: 'It is cancelled after this time.',
      },
    },
    ['query'],
  ),
  output: object<Output>(
    {
      ...resultFields,
      results: {
        type: 'array',
        items: object(resultFields),
        description: 'That of each statement, where there are several; the other fields are those of the last.',
      },
    },
    Object.keys(resultFields),
  ),
  async run(input, context) {
    const database = input.database ?? firstDatabase(context)
    const timeoutMs = input.timeout_secs === undefined ? undefined : Math.ceil(input.timeout_secs * 1000)
    await using connection = await connect(context, services, database, timeoutMs)
    const {client} = connection
    const statements = await run(client, input, {context, services})
    const names = await typeNames(client, statements)
    const results = statements.map((each) => resultOf(each, names))
    const last = results.at(-1) ?? {command: null, rows: [], row_count: 0, fields: []}
    return results.length > 1 ? {...last, results} : last
  },
})

interface Around {
  readonly context: Context
  readonly services: Services
}

async function run(client: Client, input: Input, {context, services}: Around): Promise<readonly Statement[]> {
  using canceller = await Canceller.of(client, context, services)
  const {query: text, params} = input
  const onTooMany = (): void => {
    canceller.cancel()
  }
  try {
    const statements = await runStatements(client, {text, values: params?.map(asParameter), limits, onTooMany})
    context.signal.throwIfAborted()
    // All of them may have been on their way before the cancel has arrived.
    if (!canceller.isAsked) return statements
  } catch (error) {
    context.signal.throwIfAborted()
    if (!canceller.isAsked) throw queryProblem(services, error, text)
  }
  throw services.error('ACTION_FAILED', {
    subject: 'PostgreSQL',
    reason: `the query answers more than ${limits.rows} rows, or ${limits.characters / 1_000_000} MB`,
    hint: 'Ask for less with LIMIT, or use psql.',
  })
}

/** An array would become one of PostgreSQL, and fail where a JSON is meant. */
function asParameter(value: Json): unknown {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
}

async function typeNames(client: Client, statements: readonly Statement[]): Promise<ReadonlyMap<number, string>> {
  const types = new Set(statements.flatMap(({fields}) => fields.map(({dataTypeID}) => dataTypeID)))
  if (types.size === 0) return new Map()
  const {rows} = await client.query<{oid: number; name: string}>(
    'select oid, format_type(oid, null) as name from unnest($1::oid[]) as oid',
    [[...types]],
  )
  return new Map(rows.map(({oid, name}) => [oid, name]))
}

function resultOf({command, rows, rowCount, fields}: Statement, names: ReadonlyMap<number, string>): Result {
  return {
    command,
    rows,
    row_count: rowCount,
    fields: fields.map(({name, dataTypeID}) => ({name, type: names.get(dataTypeID) ?? String(dataTypeID)})),
  }
}
