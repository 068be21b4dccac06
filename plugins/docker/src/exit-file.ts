import {readFile, rename, writeFile} from 'node:fs/promises'
import path from 'node:path'
import type {ExitStatus} from '@service-harness/cli/plugin'

/** How a container ended, for when it is removed. */
export interface Ended {
  readonly status: ExitStatus
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly startedAt: number
}

const fileOf = (runDirectory: string): string => path.join(runDirectory, 'exit')

export async function writeEnd(runDirectory: string, ended: Ended): Promise<void> {
  const file = fileOf(runDirectory)
  await writeFile(`${file}.tmp`, JSON.stringify(ended), {mode: 0o600})
  await rename(`${file}.tmp`, file)
}

export async function readEnd(runDirectory: string): Promise<Ended | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(runDirectory), 'utf8')) as Ended
  } catch {
    return undefined
  }
}
