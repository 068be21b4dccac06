import type {X509Certificate} from 'node:crypto'
import {connect, type NetConnectOpts, type Socket} from 'node:net'
import {createSecureContext, TLSSocket} from 'node:tls'
import {HarnessError, messageOf} from '../base/errors.js'
import {addressOf} from './daemon-url.js'
import {publicKeyFingerprint, publicKeyPattern} from '../transport/public-key.js'

/** Opens a connection to a unix socket or a TCP port. DAEMON_UNREACHABLE when nobody is there. */
export function dial(where: NetConnectOpts, address: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(where)
    destroyOnAbort(socket, signal)
    socket.once('connect', () => {
      resolve(socket)
    })
    socket.once('error', (error) => {
      reject(new HarnessError('DAEMON_UNREACHABLE', {subject: address, reason: messageOf(error), cause: error}))
    })
  })
}

/**
 * Opens a TLS connection to the one server that has this fingerprint, of its public key (`SHA256:…`) or of its certificate (`AB:CD:…`);
 * nobody else gets a byte beyond the handshake.
 *
 * A pin trusts a certificate instead of authorities, so there is no chain to check: the socket is made without `tls.connect`, which knows
 * only chains, and is handed out after the fingerprint fits. That the server has the certificate's key is proved by the handshake itself.
 */
export async function dialPinned(url: URL, fingerprint: string, signal: AbortSignal): Promise<TLSSocket> {
  const secure = await dialTls(url, signal)
  const certificate = secure.getPeerX509Certificate()
  const shown = certificate && fingerprintLike(fingerprint, certificate)
  if (shown !== undefined && plain(shown) === plain(fingerprint)) return secure
  secure.destroy()
  throw new HarnessError('CERTIFICATE_MISMATCH', {
    subject: addressOf(url),
    reason: `expected the fingerprint ${fingerprint}, got ${shown ?? 'none'}`,
    details: {expected: fingerprint, got: shown ?? null},
  })
}

/** Opens a TLS connection to whoever is there: nothing may be sent before it is known who that is. */
export async function dialTls(url: URL, signal: AbortSignal): Promise<TLSSocket> {
  const address = addressOf(url)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const socket = await dial({host, port: Number(url.port || 443)}, address, signal)
  const secureContext = createSecureContext({ca: [], minVersion: 'TLSv1.3'})
  const secure = new TLSSocket(socket, {isServer: false, secureContext})
  destroyOnAbort(secure, signal)
  await handshake(secure, address)
  return secure
}

/** What the certificate shows, in the form of the fingerprint that is expected. */
function fingerprintLike(fingerprint: string, certificate: X509Certificate): string {
  return publicKeyPattern.test(fingerprint) ? publicKeyFingerprint(certificate) : certificate.fingerprint256
}

function handshake(socket: TLSSocket, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error?: Error): void => {
      const reason = `the TLS handshake failed${error ? `: ${messageOf(error)}` : ''}`
      reject(new HarnessError('DAEMON_UNREACHABLE', {subject: address, reason, cause: error}))
    }
    socket.once('secure', resolve)
    socket.once('error', fail)
    socket.once('close', () => {
      fail()
    })
    // Writing nothing begins the handshake.
    socket.write('')
  })
}

function destroyOnAbort(socket: Socket, signal: AbortSignal): void {
  const destroy = (): void => {
    socket.destroy()
  }
  if (signal.aborted) destroy()
  else signal.addEventListener('abort', destroy, {once: true})
  socket.once('close', () => {
    signal.removeEventListener('abort', destroy)
  })
  // Whoever waits for the socket hears of an error too; later ones show as its end.
  socket.on('error', () => undefined)
}

/** Hexadecimal digits in whatever form; base64 means something else in the other case. */
function plain(fingerprint: string): string {
  if (publicKeyPattern.test(fingerprint)) return fingerprint
  return fingerprint.replaceAll(':', '').toLowerCase()
}
