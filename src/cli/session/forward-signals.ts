import {onSignals, type EndSignal} from '../signals.js'

/** What happens to the signals that this command gets. */
export interface ForwardedSignals extends Disposable {
  /** The first Ctrl-C goes there, while this is not disposed of. */
  to(listener: (signal: 'SIGINT') => void): Disposable
  /** By which signal this command was ended, if it was. */
  readonly ended: EndSignal | undefined
}

/** The first Ctrl-C is for the command that runs. A second one, SIGTERM and the end of the terminal end it. */
export function forwardSignals(onEnd: () => void): ForwardedSignals {
  let listener: ((signal: 'SIGINT') => void) | undefined
  let ended: EndSignal | undefined
  const taken = onSignals(['SIGHUP', 'SIGINT', 'SIGTERM'], (signal) => {
    const forward = listener
    listener = undefined
    if (signal === 'SIGINT' && forward) {
      forward(signal)
      return
    }
    ended ??= signal
    onEnd()
  })
  return {
    to(heard) {
      listener = heard
      return {
        [Symbol.dispose]() {
          listener = undefined
        },
      }
    },
    get ended() {
      return ended
    },
    [Symbol.dispose]() {
      taken[Symbol.dispose]()
    },
  }
}
