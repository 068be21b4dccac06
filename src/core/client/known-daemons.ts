import path from 'node:path'
import {isoTime, type Clock} from '../base/clock.js'
import {HarnessError} from '../base/errors.js'
import {isJsonObject, type JsonObject} from '../base/json.js'
import {ensurePrivateDirectory, replacePrivateFile} from '../base/private-files.js'
import {statePaths} from '../base/state-directory.js'
import {publicKeyPattern} from '../transport/public-key.js'
import {readRemoteFile} from './read-remote-file.js'

/** The public key (`SHA256:…`) that a person has accepted for the daemon at this address; `undefined` for one that nobody knows. */
export async function knownKey(stateDirectory: string, address: string): Promise<string | undefined> {
  const known = await readKnown(stateDirectory)
  return known[address] === undefined ? undefined : keyOf(stateDirectory, known, address)
}

/** How many daemons are known. STATE_UNSAFE when that of any of them cannot be read. */
export async function checkKnown(stateDirectory: string): Promise<number> {
  const known = await readKnown(stateDirectory)
  const addresses = Object.keys(known)
  for (const address of addresses) keyOf(stateDirectory, known, address)
  return addresses.length
}

/** What is no key must look neither like a new daemon nor like one whose key has changed. */
function keyOf(stateDirectory: string, known: JsonObject, address: string): string {
  const entry = known[address]
  const key = isJsonObject(entry) ? entry['publicKey'] : undefined
  if (typeof key === 'string' && publicKeyPattern.test(key)) return key
  throw new HarnessError('STATE_UNSAFE', {
    subject: fileOf(stateDirectory),
    reason: `it has no public key for ${address}, which it knows`,
    hint: `Run \`harness daemon forget ${address}\`, then \`harness daemon trust ${address}\`.`,
  })
}

/** Accepts this key from now on, and no other. */
export async function pinKey(
  stateDirectory: string,
  {address, publicKey, clock}: {readonly address: string; readonly publicKey: string; readonly clock: Clock},
): Promise<void> {
  const known = await readKnown(stateDirectory)
  await writeKnown(stateDirectory, {...known, [address]: {publicKey, since: isoTime(clock.now())}})
}

/** Answers whether it was known. */
export async function forgetKey(stateDirectory: string, address: string): Promise<boolean> {
  const {[address]: entry, ...others} = await readKnown(stateDirectory)
  if (entry === undefined) return false
  await writeKnown(stateDirectory, others)
  return true
}

const fileName = 'known-daemons.json'

function fileOf(stateDirectory: string): string {
  return path.join(statePaths(stateDirectory).remotes, fileName)
}

/** A file that cannot be read must not look like one that knows nobody: a changed key would pass for a new daemon. */
async function readKnown(stateDirectory: string): Promise<JsonObject> {
  const text = await readRemoteFile(stateDirectory, fileName)
  if (text === undefined) return {}
  try {
    const value: unknown = JSON.parse(text)
    if (isJsonObject(value)) return value
  } catch {
    // Said below.
  }
  const file = fileOf(stateDirectory)
  throw new HarnessError('STATE_UNSAFE', {
    subject: file,
    reason: 'it is not the JSON that harness writes there',
    hint: `Correct it, or remove it and trust those daemons again: rm '${file}'`,
  })
}

async function writeKnown(stateDirectory: string, known: JsonObject): Promise<void> {
  await ensurePrivateDirectory(stateDirectory)
  await ensurePrivateDirectory(statePaths(stateDirectory).remotes)
  await replacePrivateFile(fileOf(stateDirectory), `${JSON.stringify(known, null, 2)}\n`)
}
