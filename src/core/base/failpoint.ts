/** The places at which a test may have the daemon die. What each stands between: the callers. */
export type Failpoint =
  | 'after-exit'
  | 'after-intent'
  | 'after-spawn'
  | 'after-start'
  | 'after-stop'
  | 'after-wish'
  | 'before-ack'
  | 'mid-commit'
  | 'mid-recovery'
  | 'mid-rotate'
  | 'mid-snapshot'
  | 'mid-stop'
  | 'stop-wished'

/**
 * Kills this process (as SIGKILL does: nothing is cleaned up) at the count-th passage of the place that `HARNESS_FAILPOINT=<name>[:count]` names.
 * Only tests can: without `NODE_ENV=test` too, and for all other places, this is an empty function.
 */
export const failpoint: (name: Failpoint) => void = arm(process.env)

function arm({NODE_ENV, HARNESS_FAILPOINT}: Readonly<Record<string, string | undefined>>): (name: Failpoint) => void {
  if (NODE_ENV !== 'test' || !HARNESS_FAILPOINT) return () => undefined
  const [armed, count] = HARNESS_FAILPOINT.split(':')
  let left = Number(count ?? 1)
  return (name) => {
    if (name !== armed) return
    left -= 1
    if (left === 0) process.kill(process.pid, 'SIGKILL')
  }
}
