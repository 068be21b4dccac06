import {constants} from 'node:os'
import {isoTime} from '../base/clock.js'
import type {ExitStatus} from '../contract/command.js'
import type {ExitReport} from '../contract/status.js'

/** The end of a workload in the form of the wire: 128 + n for signal n, as shells count. */
export function exitReport(status: ExitStatus, at: number): ExitReport {
  switch (status.by) {
    case 'code':
      return {code: status.code, signal: null, at: isoTime(at)}
    case 'signal':
      return {code: 128 + constants.signals[status.signal], signal: status.signal, at: isoTime(at)}
    case 'lost':
      return {code: null, signal: null, at: isoTime(at)}
  }
}
