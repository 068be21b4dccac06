import 'reflect-metadata'
import {randomBytes, webcrypto} from 'node:crypto'
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

const yearMs = 365 * 86_400_000
const algorithm = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'} as const

/** A self-signed P-256 certificate for this machine, valid for a year. Both as PEM. */
export async function makeCertificate(now: number): Promise<{readonly certificate: string; readonly key: string}> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      // The first byte keeps the number positive.
      serialNumber: `01${randomBytes(15).toString('hex')}`,
      name: 'CN=localhost',
      notBefore: new Date(now),
      notAfter: new Date(now + yearMs),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new SubjectAlternativeNameExtension([
          {type: 'dns', value: 'localhost'},
          {type: 'ip', value: '127.0.0.1'},
          {type: 'ip', value: '::1'},
        ]),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      ],
    },
    webcrypto,
  )
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  const lines = key.match(/.{1,64}/g) ?? []
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n'),
  }
}
