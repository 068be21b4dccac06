/** A value that tells who listens when it changes. */
export class Observed<Value> {
  private readonly listeners = new Set<() => void>()

  constructor(private value: Value) {}

  get current(): Value {
    return this.value
  }

  set(value: Value): void {
    if (value === this.value) return
    this.value = value
    for (const listener of [...this.listeners]) listener()
  }

  onChange(listener: () => void): Disposable {
    // One entry for each who listens, also where two give the same function.
    const entry = (): void => {
      listener()
    }
    this.listeners.add(entry)
    return {
      [Symbol.dispose]: () => {
        this.listeners.delete(entry)
      },
    }
  }
}
