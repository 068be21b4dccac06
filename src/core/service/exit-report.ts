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

/** `exit 1`, `killed by SIGTERM`, `ended unseen (…)`: fits after "which failed". */
export function describeExit(status: ExitStatus): string {
  switch (status.by) {
    case 'code':
      return `exit ${status.code}`
    case 'signal':
      return `killed by ${status.signal}`
    case 'lost':
      return `ended unseen (${status.reason})`
  }
}
