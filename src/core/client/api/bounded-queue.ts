/** Items on their way from one writer to one reader. */
export class BoundedQueue<Item extends object> {
  private readonly items: Item[] = []
  private ended: {readonly error: Error | undefined} | undefined
  private wakeReader = (): void => undefined
  private wakeWriter = (): void => undefined

  constructor(private readonly limit: number) {}

  /** The reader is behind: the writer is to wait until it has `emptied`. */
  get isFull(): boolean {
    return this.ended !== undefined || this.items.length >= this.limit
  }

  push(item: Item): void {
    if (this.ended) return
    this.items.push(item)
    this.wakeReader()
  }

  /** The reader still gets what is there, then the error, if any. */
  end(error?: Error): void {
    this.ended ??= {error}
    this.wakeReader()
    this.wakeWriter()
  }

  /** Resolves when the reader has taken everything, or wants no more. */
  async emptied(): Promise<void> {
    if (this.items.length === 0 || this.ended) return
    await new Promise<void>((resolve) => {
      this.wakeWriter = resolve
    })
  }

  /** To be read once. What is left in it when the reader leaves is forgotten. */
  async *read(): AsyncGenerator<Item, undefined> {
    for (;;) {
      const item = this.items.shift()
      if (item !== undefined) {
        yield item
        continue
      }
      if (this.ended?.error) throw this.ended.error
      if (this.ended) return undefined
      this.wakeWriter()
      await new Promise<void>((resolve) => {
        this.wakeReader = resolve
      })
    }
  }
}
