import type {Client, QueryResult, QueryResultRow} from 'pg'
import {valueTypes} from './value-types.js'

/** What one statement has answered. */
export interface Statement {
  /** `SELECT`; null for an empty one. */
  readonly command: string | null
  readonly rowCount: number
  readonly rows: readonly QueryResultRow[]
  readonly fields: readonly {readonly name: string; readonly dataTypeID: number}[]
}

export interface StatementsToRun {
  readonly text: string
  readonly values?: readonly unknown[] | undefined
  /** More rows, or more text, than this are not collected: it is called, and is to end the query. */
  readonly limits: {readonly rows: number; readonly characters: number}
  readonly onTooMany: () => void
}

/** Rejects with what the server says. Without values there may be several statements, in one transaction unless they say otherwise. */
export async function runStatements(
  client: Client,
  {text, values, limits, onTooMany}: StatementsToRun,
): Promise<readonly Statement[]> {
  const {default: pg} = await import('pg')
  const rowsOf = new Map<unknown, QueryResultRow[]>()
  let [rows, characters] = [0, 0]
  // Given a listener, it keeps no rows itself.
  const query = new pg.Query({text, types: valueTypes, ...(values && {values: [...values]})})
  query.on('row', (row: QueryResultRow, result) => {
    rows += 1
    characters += JSON.stringify(row).length
    if (rows > limits.rows || characters > limits.characters) {
      onTooMany()
      return
    }
    const found = rowsOf.get(result) ?? []
    rowsOf.set(result, found)
    found.push(row)
  })
  const results = await new Promise<readonly QueryResult[]>((resolve, reject) => {
    query.on('error', reject)
    query.on('end', (answer: unknown) => {
      resolve((Array.isArray(answer) ? answer : [answer]) as QueryResult[])
    })
    client.query(query)
  })
  return results.map((result) => ({
    // The types promise a text, and there is none for an empty statement.
    command: (result.command as string | null) ?? null,
    rowCount: result.rowCount ?? 0,
    rows: rowsOf.get(result) ?? [],
    fields: result.fields,
  }))
}
