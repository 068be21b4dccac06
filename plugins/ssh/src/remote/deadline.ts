/** A moment that can only be moved nearer. */
export class Deadline implements Disposable {
  readonly reached: Promise<void>
  private at = Number.POSITIVE_INFINITY
  private timer: NodeJS.Timeout | undefined
  private arrive: () => void = () => undefined

  constructor() {
    this.reached = new Promise((resolve) => {
      this.arrive = resolve
    })
  }

  get hasPassed(): boolean {
    return performance.now() >= this.at
  }

  shorten(ms: number): void {
    const wanted = performance.now() + ms
    if (wanted >= this.at) return
    this.at = wanted
    clearTimeout(this.timer)
    this.timer = setTimeout(this.arrive, ms)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.timer)
  }
}
