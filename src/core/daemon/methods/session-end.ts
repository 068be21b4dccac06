import {constants} from 'node:os'
import type {ExitStatus} from '../../contract/command.js'
import type {SessionEnd} from '../../contract/status.js'

/** How something ended, as a shell reports it. */
export function sessionEnd(status: ExitStatus): SessionEnd {
  switch (status.by) {
    case 'code':
      return {exitCode: status.code, signal: null, reason: status.startFailure ?? null}
    case 'signal':
      return {exitCode: 128 + constants.signals[status.signal], signal: status.signal, reason: null}
    case 'lost':
      return {exitCode: null, signal: null, reason: status.reason}
  }
}
