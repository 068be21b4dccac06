import {HarnessError} from '../base/errors.js'

/** That a service is to be up, as a signal which aborts when it is not wanted any more. A new wish has a new signal. */
export class Wish {
  private controller = new AbortController()
  /** How often it was wished for. */
  count = 0

  constructor(private readonly service: string) {}

  get signal(): AbortSignal {
    return this.controller.signal
  }

  renew(): void {
    this.count += 1
    if (this.signal.aborted) this.controller = new AbortController()
  }

  withdraw(): void {
    this.controller.abort(new HarnessError('CANCELLED', {subject: `start of ${this.service}`}))
  }
}
