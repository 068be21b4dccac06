import type {Clock} from '../base/clock.js'
import {withDeadline} from '../base/deadline.js'
import {HarnessError} from '../base/errors.js'
import {publicKeyFingerprint} from '../transport/public-key.js'
import {addressOf} from './daemon-url.js'
import {dialTls} from './dial.js'

const patienceMs = 10_000

/** The fingerprint of the public key that the server at this address shows and proves to have, `SHA256:…`. It is sent nothing but a handshake. */
export async function shownKey(url: URL, clock: Clock): Promise<string> {
  const subject = addressOf(url)
  const late = new HarnessError('DAEMON_UNREACHABLE', {subject, reason: 'it did not answer within 10 s'})
  return withDeadline(
    async (signal) => {
      const socket = await dialTls(url, signal)
      const certificate = socket.getPeerX509Certificate()
      socket.destroy()
      if (certificate) return publicKeyFingerprint(certificate)
      throw new HarnessError('DAEMON_UNREACHABLE', {subject, reason: 'it shows no certificate'})
    },
    {clock, ms: patienceMs, onTimeout: () => late},
  )
}
