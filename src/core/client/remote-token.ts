import {rm} from 'node:fs/promises'
import path from 'node:path'
import {HarnessError, isHarnessError, messageOf} from '../base/errors.js'
import {ensurePrivateDirectory, replacePrivateFile} from '../base/private-files.js'
import {statePaths} from '../base/state-directory.js'
import {readPrivateFile} from '../transport/read-private-file.js'
import {readRemoteFile} from './read-remote-file.js'

/** The token for the daemon at this address: of the file that HARNESS_TOKEN_FILE names, else the one that was saved for it. */
export async function remoteToken(
  stateDirectory: string,
  address: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const named = env['HARNESS_TOKEN_FILE']
  if (named) return parseToken(await readTokenFile(named), named)
  return savedRemoteToken(stateDirectory, address)
}

/** The token that was saved for the daemon at this address. STATE_UNSAFE when what lies there is none. */
export async function savedRemoteToken(stateDirectory: string, address: string): Promise<string | undefined> {
  const text = await readRemoteFile(stateDirectory, tokenName(address))
  if (text === undefined || isToken(text.trim())) return text?.trim()
  throw new HarnessError('STATE_UNSAFE', {
    subject: tokenFile(stateDirectory, address),
    reason: `it is damaged: the token of the daemon at ${address} is 64 hexadecimal digits`,
    hint: tokenHint(address),
  })
}

/** The address that a file with this name has the token for; `undefined` for a file of another kind. */
export function addressOfToken(name: string): string | undefined {
  try {
    const address = `wss://${decodeURIComponent(name.replace(/\.token$/, ''))}`
    return tokenName(address) === name ? address : undefined
  } catch {
    return undefined
  }
}

/** Keeps the token in a file of its own, 0600. */
export async function saveToken(stateDirectory: string, address: string, token: string): Promise<void> {
  await ensurePrivateDirectory(stateDirectory)
  await ensurePrivateDirectory(statePaths(stateDirectory).remotes)
  await replacePrivateFile(tokenFile(stateDirectory, address), `${token}\n`)
}

export async function forgetToken(stateDirectory: string, address: string): Promise<void> {
  await rm(tokenFile(stateDirectory, address), {force: true})
}

/** Reads a token file of the user, which only the user may be able to read. */
export async function readTokenFile(file: string): Promise<string> {
  const text = await readPrivateFile(path.resolve(file)).catch((error: unknown) => {
    const reason = isHarnessError(error) ? error.reason : messageOf(error)
    throw unusable(file, reason ?? messageOf(error), `chmod 600 '${file}'`)
  })
  if (text === undefined) throw unusable(file, 'it does not exist', `ls -l '${file}'`)
  return text
}

/** `source` is for the error, which does not repeat the text. */
export function parseToken(text: string, source: string): string {
  const token = text.trim()
  if (isToken(token)) return token
  throw new HarnessError('USAGE', {
    subject: source,
    reason: 'expected the token of a daemon: 64 hexadecimal digits, as in the file `token` of its state directory',
  })
}

function isToken(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

function tokenFile(stateDirectory: string, address: string): string {
  return path.join(statePaths(stateDirectory).remotes, tokenName(address))
}

function tokenName(address: string): string {
  return `${encodeURIComponent(new URL(address).host)}.token`
}

function unusable(file: string, reason: string, look: string): HarnessError {
  return new HarnessError('USAGE', {subject: file, reason, hint: `See \`${look}\`.`})
}

/** UNAUTHORIZED: nobody has given this machine the token for it. */
export function noToken(address: string): HarnessError {
  return new HarnessError('UNAUTHORIZED', {
    subject: address,
    reason: 'this machine has no token for it',
    hint: tokenHint(address),
  })
}

/** How this machine gets the token of the daemon at this address. */
export function tokenHint(address: string): string {
  const {hostname} = new URL(address)
  return `Give the file \`token\` of its state directory: \`ssh ${hostname} cat .local/state/harness/token | harness daemon trust ${address} --token-file -\`, or name a copy with HARNESS_TOKEN_FILE.`
}
