import type {Clock} from '../base/clock.js'
import {messageOf, systemCode} from '../base/errors.js'
import type {Log} from '../base/log.js'
import type {Certificate} from '../transport/load-certificate.js'

export interface InfoKeeper extends Disposable {
  /** Writes where the daemon with this certificate is found. */
  write(certificate: Certificate): Promise<void>
}

export interface InfoKeeperOptions {
  readonly clock: Clock
  readonly log: Log
  readonly write: (certificate: Certificate) => Promise<void>
}

const againMs = 1000

/** On a full disk a daemon goes on without its info file: clients find the socket where it always is. It is written as soon as there is space. */
export function createInfoKeeper({clock, log, write}: InfoKeeperOptions): InfoKeeper {
  let timer: Disposable | undefined
  let told = false
  const attempt = async (certificate: Certificate): Promise<void> => {
    timer?.[Symbol.dispose]()
    try {
      await write(certificate)
    } catch (error) {
      if (!isFull(error)) throw error
      if (!told) log.warn('where the daemon listens could not be written yet', {error: messageOf(error)})
      told = true
      timer = clock.after(againMs, () => {
        attempt(certificate).catch((again: unknown) => {
          log.warn('where the daemon listens could not be written', {error: messageOf(again)})
        })
      })
    }
  }
  return {
    write: attempt,
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
    },
  }
}

function isFull(error: unknown): boolean {
  const code = error instanceof Error ? systemCode(error.cause) : undefined
  return code === 'ENOSPC' || code === 'EDQUOT'
}
