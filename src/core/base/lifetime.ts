/** Collects undo steps while something is being put together, and runs them in reverse. Disposing twice does nothing more. */
export class Lifetime implements AsyncDisposable {
  private steps: (() => unknown)[] = []

  /** Remembers how to undo what was just done. */
  defer(undo: () => unknown): void {
    this.steps.push(undo)
  }

  /** Takes over a disposable and hands it back. */
  use<T extends AsyncDisposable | Disposable>(resource: T): T {
    this.defer(async () => {
      if (Symbol.asyncDispose in resource) await resource[Symbol.asyncDispose]()
      else resource[Symbol.dispose]()
    })
    return resource
  }

  /** Hands the collected steps to a new lifetime; disposing this one then undoes nothing. */
  move(): Lifetime {
    const moved = new Lifetime()
    moved.steps = this.steps
    this.steps = []
    return moved
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = []
    for (const undo of this.steps.splice(0).reverse()) {
      try {
        await undo()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length === 1) throw failures[0]
    if (failures.length > 1) throw new AggregateError(failures, 'Several things could not be undone.')
  }
}
