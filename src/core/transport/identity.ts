import {randomBytes} from 'node:crypto'
import type {Clock} from '../base/clock.js'
import {silentLog, type Log} from '../base/log.js'
import {ensurePrivateDirectory, replacePrivateFile} from '../base/private-files.js'
import {statePaths} from '../base/state-directory.js'
import {stateProblem} from '../base/state-problem.js'
import {readPrivateFile} from './read-private-file.js'
import {loadCertificate, type Certificate} from './load-certificate.js'

/** What a daemon shows its clients, and what they must show it. */
export interface Identity extends Certificate {
  /** 64 hexadecimal digits. */
  readonly token: string
}

/** Reads the identity in a state directory, and makes what is missing, broken or about to expire. To be called by the directory's owner only. */
export async function loadIdentity(stateDirectory: string, clock: Clock, log: Log = silentLog): Promise<Identity> {
  await ensurePrivateDirectory(stateDirectory)
  const paths = statePaths(stateDirectory)
  // One after the other: nothing is written any more once this has failed.
  const token = await loadToken(paths.token)
  return {token, ...(await loadCertificate(paths, clock, {log}))}
}

async function loadToken(file: string): Promise<string> {
  const found = (await readPrivateFile(file))?.trim()
  if (found !== undefined && /^[0-9a-f]{64}$/.test(found)) return found
  const token = randomBytes(32).toString('hex')
  await replacePrivateFile(file, `${token}\n`).catch((error: unknown) => {
    throw stateProblem(file, error)
  })
  return token
}
