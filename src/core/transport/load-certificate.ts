import {createPrivateKey, X509Certificate} from 'node:crypto'
import type {Clock} from '../base/clock.js'
import {replacePrivateFile} from '../base/private-files.js'
import {readPrivateFile} from './read-private-file.js'

export interface Certificate {
  readonly certificate: string
  readonly key: string
  readonly fingerprint256: string
}

const dayMs = 86_400_000
const renewBeforeMs = 30 * dayMs

/** Reads the certificate and its key, and makes a new pair when there is none, it does not fit, or it ends within 30 days. */
export async function loadCertificate(
  paths: {readonly certificate: string; readonly key: string},
  clock: Clock,
): Promise<Certificate> {
  const [certificate, key] = await Promise.all([readPrivateFile(paths.certificate), readPrivateFile(paths.key)])
  const found = certificate !== undefined && key !== undefined ? usable(certificate, key, clock.now()) : undefined
  if (found) return found
  // Loads the ASN.1 library, which is needed once a year.
  const {makeCertificate} = await import('./make-certificate.js')
  const made = await makeCertificate(clock.now())
  await replacePrivateFile(paths.key, made.key)
  await replacePrivateFile(paths.certificate, made.certificate)
  return {...made, fingerprint256: new X509Certificate(made.certificate).fingerprint256}
}

function usable(certificate: string, key: string, now: number): Certificate | undefined {
  try {
    const read = new X509Certificate(certificate)
    if (Date.parse(read.validTo) - now < renewBeforeMs || Date.parse(read.validFrom) - now > dayMs) return undefined
    return read.checkPrivateKey(createPrivateKey(key))
      ? {certificate, key, fingerprint256: read.fingerprint256}
      : undefined
  } catch {
    return undefined
  }
}
