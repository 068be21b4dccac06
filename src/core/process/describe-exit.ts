import type {ExitStatus} from '../contract/command.js'

/** `exit 1`, `killed by SIGTERM`, `ended unseen (…)`: fits after "which failed". */
export function describeExit(status: ExitStatus): string {
  switch (status.by) {
    case 'code':
      return status.startFailure ?? `exit ${status.code}${why(status.reason)}`
    case 'signal':
      return `killed by ${status.signal}${why(status.reason)}`
    case 'lost':
      return `ended unseen (${status.reason})`
  }
}

function why(reason: string | undefined): string {
  return reason === undefined ? '' : `: ${reason}`
}
