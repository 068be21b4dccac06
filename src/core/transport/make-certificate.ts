import 'reflect-metadata'
import {createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, webcrypto} from 'node:crypto'
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

const yearMs = 365 * 86_400_000
const algorithm = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'} as const

/** A self-signed P-256 certificate for this machine, valid for a year, of this key or a new one. All as PEM. */
export async function makeCertificate(
  now: number,
  key = newKey(),
): Promise<{readonly certificate: string; readonly key: string}> {
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      // The first byte keeps the number positive.
      serialNumber: `01${randomBytes(15).toString('hex')}`,
      name: 'CN=localhost',
      notBefore: new Date(now),
      notAfter: new Date(now + yearMs),
      signingAlgorithm: algorithm,
      keys: await webKeys(key),
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
  return {certificate: `${certificate.toString('pem')}\n`, key}
}

function newKey(): string {
  const {privateKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'})
  return privateKey.export({type: 'pkcs8', format: 'pem'}).toString()
}

async function webKeys(key: string): Promise<webcrypto.CryptoKeyPair> {
  const secret = createPrivateKey(key).export({type: 'pkcs8', format: 'der'})
  const open = createPublicKey(key).export({type: 'spki', format: 'der'})
  const {subtle} = webcrypto
  const [privateKey, publicKey] = await Promise.all([
    subtle.importKey('pkcs8', secret, algorithm, true, ['sign']),
    subtle.importKey('spki', open, algorithm, true, ['verify']),
  ])
  return {privateKey, publicKey}
}
