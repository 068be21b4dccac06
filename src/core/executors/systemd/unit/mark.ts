import {mkdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {systemCode} from '../../../base/errors.js'
import {isJsonObject} from '../../../base/json.js'
import {replacePrivateFile} from '../../../base/private-files.js'
import type {Inside} from '../../../process/command-file.js'
import type {Scope} from '../scope.js'

/** What is written into the run directory around the start of a unit that was there before. */
export interface Mark {
  readonly boot: string
  /** Of the manager: what it knew of units goes with it. */
  readonly manager: string
  /** The start of the unit that was there before harness asked for one. */
  readonly before: string
  /** Milliseconds since the epoch: its output from then on is the attempt's. */
  readonly from: number
  /** It was up when it was looked at after the start. Without this it may never have begun. */
  readonly began: boolean
  /** It ran already. */
  readonly takenOver: boolean
  /** Who asks there: of another machine. */
  readonly uid?: number
  /** Whose manager, where only the machine could tell. */
  readonly scope?: Scope
  /** The layers that lead to it, and what is theirs. In this file and not in the state, because a layer may hold a secret. */
  readonly inside?: Inside
  /** For commands beside it; with layers, for what leads there. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

const fileName = 'unit'

/** At one stroke: half a mark would be one of an attempt that nobody has begun. */
export async function writeMark(runDirectory: string, mark: Mark): Promise<void> {
  mkdirSync(runDirectory, {recursive: true, mode: 0o700})
  await replacePrivateFile(path.join(runDirectory, fileName), JSON.stringify(mark) + '\n')
}

/** `undefined`: nothing was asked of systemd. Throws when it cannot be read now (the daemon has no descriptor left). */
export function readMark(runDirectory: string): Mark | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(path.join(runDirectory, fileName), 'utf8'))
    return isJsonObject(found) ? (found as unknown as Mark) : undefined
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined
    throw error
  }
}
