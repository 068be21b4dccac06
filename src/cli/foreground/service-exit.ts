import type {DaemonEvent} from '../../core/protocol/notifications.js'

export interface ExitTarget {
  readonly stack: string
  readonly service: string
  /** Attempts up to this one are not meant. */
  readonly after: number
}

/** A service has failed, or somebody else has stopped it. */
export const failedExit = 4

/**
 * The exit code of the command when this event is the end of the service whose code counts: 128 and its number for a signal; 4 when it failed
 * without a code that says so, or somebody else stopped it.
 */
export function exitFromEvent(event: DaemonEvent, target: ExitTarget): number | undefined {
  if (event.topic !== 'service.state' || !isMeant(event, target)) return undefined
  const code = event.status.exit?.code ?? null
  switch (event.to) {
    case 'Stopping':
      return failedExit
    case 'Stopped':
      return event.event === 'exitedDone' ? (code ?? failedExit) : failedExit
    case 'Failed':
      return ended.has(event.event) ? failureExit(code) : failedExit
    default:
      return undefined
  }
}

function isMeant(
  {stack, service, status}: Extract<DaemonEvent, {readonly topic: 'service.state'}>,
  target: ExitTarget,
): boolean {
  return stack === target.stack && service === target.service && status.attempt > target.after
}

/** What a service that failed gives the command: never 0. */
export function failureExit(code: number | null): number {
  return code === null || code === 0 ? failedExit : code
}

/** Events of the lifecycle table that follow an end of its own. */
const ended: ReadonlySet<string> = new Set(['exitedFinal', 'giveUp'])
