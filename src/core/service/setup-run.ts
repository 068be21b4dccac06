import type {Clock} from '../base/clock.js'
import {HarnessError, isHarnessError, messageOf} from '../base/errors.js'
import type {ServiceContext, ServiceSetup} from '../contract/service-type.js'

export type AnySetup = ServiceSetup<unknown>

export interface SetupRunOptions {
  readonly setup: AnySetup
  readonly context: ServiceContext<unknown>
  /** Is it done already? Said before anything is changed. */
  readonly onNeeded: () => Promise<boolean>
  /** Proven. */
  readonly onDone: () => Promise<void>
}

/**
 * One-time work on a workload that is ready: nothing when it is complete, else it is performed and proven. `onNeeded` answers whether to go
 * on. Rejects with SERVICE_SETUP_FAILED and which of the calls it was.
 */
export async function runSetup({setup, context, onNeeded, onDone}: SetupRunOptions): Promise<void> {
  if (!(await step('isComplete', () => setup.isComplete(context)))) {
    if (!(await onNeeded())) return
    await step('perform', () => setup.perform(context))
    await step('validate', () => setup.validate?.(context) ?? Promise.resolve())
    if (!(await step('isComplete', () => setup.isComplete(context)))) {
      throw failed('it was performed, and still says that it is not complete')
    }
  }
  await onDone()
}

async function step<T>(call: keyof AnySetup, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const reason = isHarnessError(error) ? (error.reason ?? error.message) : messageOf(error)
    throw failed(`${call}: ${reason.replace(/\.$/, '')}`)
  }
}

function failed(reason: string): HarnessError {
  return new HarnessError('SERVICE_SETUP_FAILED', {subject: 'setup', reason})
}

/** How often a finished setup is asked whether it still holds. */
export const setupCheckMs = 30_000

/** Resolves when it does not hold any more; rejects when `signal` aborts. What cannot be asked counts as holding. */
export async function watchSetup(
  setup: AnySetup,
  context: () => ServiceContext<unknown>,
  {clock, signal}: {readonly clock: Clock; readonly signal: AbortSignal},
): Promise<void> {
  do await clock.sleep(setupCheckMs, signal)
  while (await holds(setup, context))
}

async function holds(setup: AnySetup, context: () => ServiceContext<unknown>): Promise<boolean> {
  try {
    return await setup.isComplete(context())
  } catch {
    return true
  }
}
