import type {Clock} from '../base/clock.js'
import {messageOf} from '../base/errors.js'
import type {Log} from '../base/log.js'
import {loadCertificate, type Certificate} from '../transport/load-certificate.js'
import type {Server} from '../transport/server.js'

export interface KeepOptions {
  readonly clock: Clock
  readonly log: Log
  readonly paths: {readonly certificate: string; readonly key: string}
  readonly server: Pick<Server, 'useCertificate'>
  /** Called once the server shows the new one. */
  readonly onRenewal: (renewed: Certificate) => Promise<void>
}

const everyMs = 12 * 3_600_000

/** Renews the certificate of a daemon that runs for long, in its last 30 days. Connections that are open stay, and so does the key. */
export function keepCertificate(current: Certificate, options: KeepOptions): Disposable {
  const {clock, log, paths, server, onRenewal} = options
  let shown = current
  let isOver = false
  let timer: Disposable | undefined
  const renew = async (): Promise<void> => {
    const found = await loadCertificate(paths, clock, {log, held: shown.key})
    if (isOver || found.certificate === shown.certificate) return
    server.useCertificate(found)
    shown = found
    log.info('the certificate was renewed', {fingerprint: found.fingerprint256})
    await onRenewal(found)
  }
  const tryToRenew = async (): Promise<void> => {
    try {
      await renew()
    } catch (error) {
      log.warn('the certificate could not be renewed', {error: messageOf(error)})
    }
    wait()
  }
  const wait = (): void => {
    if (!isOver) timer = clock.after(everyMs, () => void tryToRenew())
  }
  wait()
  return {
    [Symbol.dispose]() {
      isOver = true
      timer?.[Symbol.dispose]()
    },
  }
}
