import {readFile} from 'node:fs/promises'
import type {Chain} from '../shared/chain.js'
import {taskFailed, type Failing} from '../shared/task-error.js'
import {writeJson} from '../shared/write-json.js'
import {isAddress, type FoundContract} from './found-contract.js'
import {mapOf} from './records/read-json.js'

/** A contract in the address book, beside its name. Programs read `address`; the rest tells on which chain of that id it is. */
export interface BookEntry {
  readonly address: string
  readonly genesisHash: string
  readonly instanceId?: string
}

/** A file of addresses by chain id: `{"1337": {"Token": {"address": "0x…"}}}`. */
type Book = Readonly<Record<string, unknown>>

/** The contracts that it has of a chain, also those of a former chain of the same id: see `genesisHash`. */
export async function readBook(
  file: string,
  chainId: number,
  failing: Failing,
): Promise<readonly (FoundContract & Partial<BookEntry>)[]> {
  const entries = Object.entries(mapOf((await contentOf(file, failing))[String(chainId)]))
  return entries.flatMap(([name, entry]) => {
    const {address, genesisHash} = mapOf(entry)
    if (!isAddress(address)) return []
    return [{name, address, ...(typeof genesisHash === 'string' ? {genesisHash} : {})}]
  })
}

/** Adds contracts of a chain. Those of other chains stay; those of a former chain of the same id are gone with it. */
export async function writeBook(
  file: string,
  {id, genesisHash, instanceId}: Chain,
  contracts: readonly FoundContract[],
  failing: Failing,
): Promise<void> {
  const book = await contentOf(file, failing)
  const former = Object.entries(mapOf(book[String(id)])).filter(([, entry]) => {
    const of = mapOf(entry)['genesisHash']
    return of === undefined || of === genesisHash
  })
  const added = contracts.map(({name, address}): [string, BookEntry] => [
    name,
    {address, genesisHash, ...(instanceId === undefined ? {} : {instanceId})},
  ])
  await writeJson(file, {...book, [String(id)]: Object.fromEntries([...former, ...added])})
}

/** Somebody else's file is not written over. */
async function contentOf(file: string, failing: Failing): Promise<Book> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '{}'
    throw taskFailed(failing, `the address book ${file} cannot be read: ${(error as Error).message}`)
  })
  try {
    return mapOf(JSON.parse(text))
  } catch {
    throw taskFailed(
      failing,
      `the address book ${file} is no JSON`,
      'Remove it, or name another file in `address_book`.',
    )
  }
}
