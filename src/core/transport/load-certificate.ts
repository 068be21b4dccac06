import {createPrivateKey, X509Certificate, type KeyObject} from 'node:crypto'
import type {Clock} from '../base/clock.js'
import {silentLog, type Log} from '../base/log.js'
import {replacePrivateFile} from '../base/private-files.js'
import {putAside} from '../base/put-aside.js'
import {stateProblem} from '../base/state-problem.js'
import {publicKeyFingerprint} from './public-key.js'
import {readPrivateFile} from './read-private-file.js'

export interface Certificate {
  /** PEM. */
  readonly certificate: string
  /** PEM. */
  readonly key: string
  /** Of the certificate, as Node writes it: `AB:CD:…`. */
  readonly fingerprint256: string
  /** Of the key, `SHA256:…`: stays when the certificate is renewed. */
  readonly publicKey: string
}

const dayMs = 86_400_000
const renewBeforeMs = 30 * dayMs

interface LoadOptions {
  /** Hears of damage, and of a new key in place of another. @default nobody does */
  readonly log?: Log
  /** The key that is in use already: put back when its file is damaged. PEM. */
  readonly held?: string
}

interface Paths {
  readonly certificate: string
  readonly key: string
}

/**
 * Reads the certificate and its key. Makes a new certificate for the same key when there is none, it does not fit, or it ends within 30
 * days; and a new key only when that is not there or cannot be used. What is damaged is kept beside them, as `….corrupt-<time>`.
 */
export async function loadCertificate(paths: Paths, clock: Clock, options: LoadOptions = {}): Promise<Certificate> {
  const found = await look(paths)
  const kept = found.key ?? (found.damaged.includes(paths.key) ? options.held : undefined)
  if (found.key !== undefined && found.damaged.length === 0 && isCurrent(found.shown, clock.now())) {
    return describe(found.certificate, found.key)
  }
  const aside = await Promise.all(found.damaged.map((file) => putAside(file, clock)))
  // Loads the ASN.1 library, which is needed once a year.
  const {makeCertificate} = await import('./make-certificate.js')
  const made = await makeCertificate(clock.now(), kept)
  if (found.key === undefined) await write(paths.key, made.key)
  await write(paths.certificate, made.certificate)
  const now = describe(made.certificate, made.key)
  const ofKept = kept === undefined ? undefined : now.publicKey
  tell({old: found.shown ? publicKeyFingerprint(found.shown) : ofKept, now: now.publicKey, aside}, options.log)
  return now
}

function write(file: string, text: string): Promise<void> {
  return replacePrivateFile(file, text).catch((error: unknown) => {
    throw stateProblem(file, error)
  })
}

interface Found {
  /** As text, empty where there is none. */
  readonly certificate: string
  readonly shown: X509Certificate | undefined
  /** One that can be used. */
  readonly key: string | undefined
  /** The files that are there and cannot be used as what they are, or do not fit each other. */
  readonly damaged: readonly string[]
}

async function look(paths: Paths): Promise<Found> {
  const [certificate, key] = await Promise.all([readPrivateFile(paths.certificate), readPrivateFile(paths.key)])
  const usable = key === undefined ? undefined : usableKey(key)
  const shown = certificate === undefined ? undefined : readCertificate(certificate)
  const fits = usable === undefined || shown === undefined || shown.checkPrivateKey(usable)
  const isDamaged = certificate !== undefined && (shown === undefined || !fits)
  return {
    certificate: certificate ?? '',
    shown,
    key: usable && key,
    damaged: [...(key !== undefined && !usable ? [paths.key] : []), ...(isDamaged ? [paths.certificate] : [])],
  }
}

function describe(certificate: string, key: string): Certificate {
  const read = new X509Certificate(certificate)
  return {certificate, key, fingerprint256: read.fingerprint256, publicKey: publicKeyFingerprint(read)}
}

function usableKey(text: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(text)
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined
  } catch {
    return undefined
  }
}

function readCertificate(text: string): X509Certificate | undefined {
  try {
    return new X509Certificate(text)
  } catch {
    return undefined
  }
}

function isCurrent(shown: X509Certificate | undefined, now: number): boolean {
  if (shown === undefined) return false
  return Date.parse(shown.validTo) - now >= renewBeforeMs && Date.parse(shown.validFrom) - now <= dayMs
}

/** Who pinned the old key is refused from now on: whoever looks for the reason finds it here. */
function tell(
  {old, now, aside}: {readonly old: string | undefined; readonly now: string; readonly aside: readonly string[]},
  log: Log = silentLog,
): void {
  const isNew = old !== now && (old !== undefined || aside.length > 0)
  const fields = {oldPublicKey: old ?? 'not known', newPublicKey: now, keptAside: aside}
  if (isNew) log.error('the daemon shows another key than before: other machines have to trust it anew', fields)
  else if (aside.length > 0) log.warn('the certificate or its key was damaged; the key stays what it was', fields)
}
