import {createHash, type X509Certificate} from 'node:crypto'

/** What a server is known by for as long as it keeps its key: the SHA-256 of its public key (SPKI, DER) as SSH writes it, `SHA256:…`. */
export function publicKeyFingerprint({publicKey}: Pick<X509Certificate, 'publicKey'>): string {
  const der = publicKey.export({type: 'spki', format: 'der'})
  return `SHA256:${createHash('sha256').update(der).digest('base64').replace(/=+$/, '')}`
}

/** The form of such a fingerprint. */
export const publicKeyPattern = /^SHA256:[A-Za-z0-9+/]{43}$/
