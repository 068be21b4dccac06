/** Runs jobs one after another in the order they were handed in. A failed job does not stop the next. */
export class SerialQueue {
  private tail: Promise<unknown> = Promise.resolve()

  run<T>(job: () => Promise<T> | T): Promise<T> {
    const result = this.tail.then(job)
    this.tail = result.catch(() => undefined)
    return result
  }

  /** Resolves when everything handed in so far is done. */
  async idle(): Promise<void> {
    await this.tail
  }
}
