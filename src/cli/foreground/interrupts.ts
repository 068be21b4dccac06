import {surviveLostOutput} from '../lost-output.js'
import {onSignals, type EndSignal} from '../signals.js'

/** What asks a session to end, and then to hurry. */
export interface Interrupts extends Disposable {
  /** The first signal. A terminal that is gone is a SIGHUP, also where nobody sends one. */
  readonly first: Promise<EndSignal>
  /** Aborts with a second Ctrl-C, or a second SIGTERM. */
  readonly hurry: AbortSignal
}

/** Takes over Ctrl-C, the end of the terminal and SIGTERM. `onHurry` is called once. */
export function watchInterrupts(onHurry: () => void): Interrupts {
  const hurry = new AbortController()
  let seen: EndSignal | undefined
  let answer = (_: EndSignal): void => undefined
  const first = new Promise<EndSignal>((resolve) => {
    answer = resolve
  })
  const hear = (signal: EndSignal): void => {
    const isSecond = seen !== undefined && (signal === 'SIGINT' || seen === signal) && signal !== 'SIGHUP'
    if (seen === undefined) answer(signal)
    seen ??= signal
    if (!isSecond || hurry.signal.aborted) return
    hurry.abort()
    onHurry()
  }
  const signals = onSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], hear)
  const output = surviveLostOutput(() => {
    hear('SIGHUP')
  })
  return {
    first,
    hurry: hurry.signal,
    [Symbol.dispose]() {
      // A terminal that closes says so more than once: its command ends as it meant to.
      if (seen !== undefined) return
      signals[Symbol.dispose]()
      output[Symbol.dispose]()
    },
  }
}
