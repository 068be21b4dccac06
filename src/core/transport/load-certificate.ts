import {createPrivateKey, X509Certificate} from 'node:crypto'
import type {Clock} from '../base/clock.js'
import {replacePrivateFile} from '../base/private-files.js'
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

/**
 * Reads the certificate and its key. Makes a new certificate for the same key when there is none, it does not fit, or it ends within 30
 * days; and a new key only when that cannot be used.
 */
export async function loadCertificate(
  paths: {readonly certificate: string; readonly key: string},
  clock: Clock,
): Promise<Certificate> {
  const [certificate, key] = await Promise.all([readPrivateFile(paths.certificate), readPrivateFile(paths.key)])
  const kept = key !== undefined && isUsableKey(key) ? key : undefined
  if (certificate !== undefined && kept !== undefined && isUsable(certificate, kept, clock.now())) {
    return describe(certificate, kept)
  }
  // Loads the ASN.1 library, which is needed once a year.
  const {makeCertificate} = await import('./make-certificate.js')
  const made = await makeCertificate(clock.now(), kept)
  if (kept === undefined) await replacePrivateFile(paths.key, made.key)
  await replacePrivateFile(paths.certificate, made.certificate)
  return describe(made.certificate, made.key)
}

function describe(certificate: string, key: string): Certificate {
  const read = new X509Certificate(certificate)
  return {certificate, key, fingerprint256: read.fingerprint256, publicKey: publicKeyFingerprint(read)}
}

function isUsableKey(key: string): boolean {
  try {
    return createPrivateKey(key).asymmetricKeyDetails?.namedCurve === 'prime256v1'
  } catch {
    return false
  }
}

function isUsable(certificate: string, key: string, now: number): boolean {
  try {
    const read = new X509Certificate(certificate)
    if (Date.parse(read.validTo) - now < renewBeforeMs || Date.parse(read.validFrom) - now > dayMs) return false
    return read.checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}
