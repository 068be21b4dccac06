/** Answers a repeated mutation with the result of the first: the same request id does its work once. Remembers the newest `kept`. */
export class Once {
  private readonly results = new Map<string, Promise<unknown>>()

  constructor(private readonly kept = 1000) {}

  run<T>(requestId: string, work: () => Promise<T>): Promise<T> {
    const known = this.results.get(requestId)
    if (known) return known as Promise<T>
    const result = work()
    this.results.set(requestId, result)
    if (this.results.size > this.kept) {
      for (const [oldest] of this.results) {
        this.results.delete(oldest)
        break
      }
    }
    return result
  }
}
