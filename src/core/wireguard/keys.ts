import {createPrivateKey, createPublicKey, generateKeyPairSync} from 'node:crypto'

/** As wireguard writes them: 32 bytes in base64. */
export interface KeyPair {
  readonly privateKey: string
  readonly publicKey: string
}

/** What stands before the 32 bytes of a private key of X25519 in PKCS #8: RFC 8410, section 7. */
const pkcs8Head = Buffer.from('302e020100300506032b656e04220420', 'hex')

export function makeKeyPair(): KeyPair {
  const {privateKey} = generateKeyPairSync('x25519')
  const own = privateKey.export({type: 'pkcs8', format: 'der'}).subarray(pkcs8Head.length).toString('base64')
  return {privateKey: own, publicKey: publicKeyOf(own)}
}

/** The key that others know. */
export function publicKeyOf(privateKey: string): string {
  const der = Buffer.concat([pkcs8Head, Buffer.from(privateKey, 'base64')])
  const {x = ''} = createPublicKey(createPrivateKey({key: der, format: 'der', type: 'pkcs8'})).export({format: 'jwk'})
  return Buffer.from(x, 'base64url').toString('base64')
}
