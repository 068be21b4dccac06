import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {mapOf, readJson} from './read-json.js'
import type {Place} from './all-records.js'

/**
 * The transactions that a tool remembers to have deployed by. Where the chain does not know them, the records are of a former chain, whatever code is at their addresses now: these are the
 * same each time that an account begins anew.
 */
export async function recordedTransactions({tool, input, directory, chainId}: Place): Promise<readonly string[]> {
  if (tool === 'hardhat-deploy')
    return ofHardhatDeploy(path.join(directory, 'deployments', input.network ?? 'localhost'))
  if (tool === 'ignition') return ofIgnition(path.join(directory, 'ignition', 'deployments', `chain-${chainId}`))
  return []
}

async function ofHardhatDeploy(folder: string): Promise<readonly string[]> {
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.json'))
  const records = await Promise.all(files.map((file) => readJson(path.join(folder, file))))
  return records.map((record) => mapOf(record)['transactionHash']).filter(isHash)
}

/** A line of JSON for each step. */
async function ofIgnition(folder: string): Promise<readonly string[]> {
  const journal = await readFile(path.join(folder, 'journal.jsonl'), 'utf8').catch(() => '')
  return journal
    .split('\n')
    .filter((line) => line.includes('"TRANSACTION_CONFIRM"'))
    .map((line) => /"hash":\s*"(0x[0-9a-f]{64})"/.exec(line)?.[1])
    .filter(isHash)
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^0x[0-9a-fA-F]{64}$/.test(value)
}
