/** Brings the results of several readers to one, and lets each go on only when its last result was taken. */
export interface Mailbox<T> {
  put(value: T): Promise<void>
  /** `undefined` once closed. */
  take(): Promise<T | undefined>
  close(): void
}

export function createMailbox<T>(): Mailbox<T> {
  const offers: {readonly value: T; readonly taken: () => void}[] = []
  let wanted: ((value: T | undefined) => void) | undefined
  let closed = false
  return {
    put(value) {
      if (closed) return Promise.resolve()
      if (wanted) {
        wanted(value)
        wanted = undefined
        return Promise.resolve()
      }
      return new Promise((taken) => offers.push({value, taken}))
    },
    take() {
      const offer = offers.shift()
      offer?.taken()
      if (offer || closed) return Promise.resolve(offer?.value)
      return new Promise((resolve) => {
        wanted = resolve
      })
    },
    close() {
      closed = true
      for (const {taken} of offers.splice(0)) taken()
      wanted?.(undefined)
    },
  }
}
