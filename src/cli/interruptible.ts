/** What `interruptible` answers after Ctrl-C. */
export const interrupted = Symbol('interrupted')

/** The exit code of a command that Ctrl-C ended. */
export const interruptedExit = 130

/** Runs `work` until Ctrl-C, which aborts its signal and is answered at once; a second Ctrl-C ends the process. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | typeof interrupted> {
  const controller = new AbortController()
  let presses = 0
  let answer = (_: typeof interrupted): void => undefined
  const pressed = new Promise<typeof interrupted>((resolve) => {
    answer = resolve
  })
  const onPress = (): void => {
    presses += 1
    if (presses > 1) process.exit(interruptedExit)
    answer(interrupted)
    controller.abort()
  }
  process.on('SIGINT', onPress)
  try {
    return await Promise.race([work(controller.signal), pressed])
  } finally {
    process.off('SIGINT', onPress)
  }
}
