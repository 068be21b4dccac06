import {createHash} from 'node:crypto'
import path from 'node:path'
import type {Wire} from '../../shared/http.js'
import {codeAt, type Chain} from '../shared/chain.js'
import {writeJson} from '../shared/write-json.js'
import {readJson} from './records/read-json.js'
import type {FoundContract} from './found-contract.js'

/** What a task has deployed, as it remembers for itself. Address books are for others, and several tasks may write to one. */
interface Done {
  readonly genesisHash: string
  readonly contracts: readonly (FoundContract & {
    /** A contract that others have deployed to the same address since is another one. */
    readonly code: string
  })[]
}

/** Where a task remembers. `what` is all that makes it do something else. */
export function doneFile(stateDir: string, what: unknown): string {
  const key = createHash('sha256').update(JSON.stringify(what)).digest('hex')
  return path.join(stateDir, 'deployed', `${key.slice(0, 32)}.json`)
}

/** Remembers what is there now. */
export async function writeDone(
  file: string,
  chain: Chain,
  contracts: readonly FoundContract[],
  wire: Wire,
): Promise<void> {
  const withCode: Done['contracts'][number][] = []
  for (const each of contracts) withCode.push({...each, code: (await codeAt(chain, each.address, wire)) ?? ''})
  await writeJson(file, {genesisHash: chain.genesisHash, contracts: withCode} satisfies Done)
}

/** The contracts that were deployed, when this is the same chain and all of them are on it. */
export async function stillDone(file: string, chain: Chain, wire: Wire): Promise<readonly FoundContract[] | undefined> {
  const done = (await readJson(file)) as Done | undefined
  if (done?.genesisHash !== chain.genesisHash || done.contracts.length === 0) return undefined
  for (const {address, code} of done.contracts) {
    if ((await codeAt(chain, address, wire)) !== code) return undefined
  }
  return done.contracts
}
