/** What asks a command to end. */
export type EndSignal = 'SIGHUP' | 'SIGINT' | 'SIGTERM'

/** The exit codes of commands that a signal has ended: 128 and its number. */
export const signalExits: Readonly<Record<EndSignal, number>> = {SIGHUP: 129, SIGINT: 130, SIGTERM: 143}

/** Takes these signals over from the system, which would end the process, until disposed of. */
export function onSignals(signals: readonly EndSignal[], listener: (signal: EndSignal) => void): Disposable {
  const taken = signals.map((signal) => {
    const heard = (): void => {
      listener(signal)
    }
    process.on(signal, heard)
    return [signal, heard] as const
  })
  return {
    [Symbol.dispose]() {
      for (const [signal, heard] of taken) process.off(signal, heard)
    },
  }
}
