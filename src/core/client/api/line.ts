import {anySignal} from '../../base/any-signal.js'
import {abortReason, type Clock} from '../../base/clock.js'
import {HarnessError, isHarnessError} from '../../base/errors.js'
import {backOffDelay} from '../../base/retry.js'
import type {Client} from '../client.js'

export interface LineOptions {
  /** Begins a new conversation with the daemon. */
  readonly dial: (signal: AbortSignal) => Promise<Client>
  readonly clock: Clock
  /** How long a daemon that was there may be away, in milliseconds. */
  readonly reconnectMs: number
}

const pauses = {delayMs: 20, factor: 1.6, maxDelayMs: 1000, jitter: 0.2}

/** The way to a daemon that may end and come back: one conversation for all requests, and others for those who need their own. */
export class Line implements AsyncDisposable {
  private shared: Promise<Client> | undefined
  private newest: Client
  private readonly over = new AbortController()
  private readonly own = new Set<Client>()

  constructor(
    first: Client,
    private readonly options: LineOptions,
  ) {
    this.newest = first
    void this.share(Promise.resolve(first))
  }

  /** The newest conversation, whether it is over or not. */
  get last(): Client {
    return this.newest
  }

  /** Aborts when the line is closed. */
  get closed(): AbortSignal {
    return this.over.signal
  }

  /** The conversation that all requests share. CONNECTION_LOST or DAEMON_UNREACHABLE when the daemon stays away. */
  async request(signal?: AbortSignal): Promise<Client> {
    const client = this.shared ?? this.share(this.reach())
    return signal ? untilAborted(client, signal) : client
  }

  /** A conversation of the caller's own, to be disposed of by it. */
  async open(signal?: AbortSignal): Promise<Client> {
    const client = await this.reach(signal)
    this.own.add(client)
    void client.closed.then(() => this.own.delete(client))
    return client
  }

  /** Waits before the attempt after `retry` others, the longer the more there were. */
  pause(retry: number, signal: AbortSignal): Promise<void> {
    return this.options.clock.sleep(backOffDelay(pauses, retry), signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.over.abort(
      new HarnessError('CONNECTION_LOST', {subject: this.newest.address, reason: 'this client was closed'}),
    )
    const shared = await this.shared?.catch(() => undefined)
    await Promise.all([...this.own, ...(shared ? [shared] : [])].map((client) => client[Symbol.asyncDispose]()))
  }

  private share(client: Promise<Client>): Promise<Client> {
    this.shared = client
    const forget = (): void => {
      if (this.shared === client) this.shared = undefined
    }
    client.then((found) => {
      this.newest = found
      void found.closed.then(forget)
    }, forget)
    return client
  }

  private async reach(signal?: AbortSignal): Promise<Client> {
    const {clock, reconnectMs, dial} = this.options
    using either = anySignal(this.over.signal, signal)
    const until = clock.monotonic() + reconnectMs
    for (let retry = 0; ; retry += 1) {
      if (either.signal.aborted) throw abortReason(either.signal)
      try {
        return await dial(either.signal)
      } catch (error) {
        if (!isAway(error) || clock.monotonic() >= until) throw error
      }
      await this.pause(retry, either.signal)
    }
  }
}

/** The daemon, or the connection to it, is not there. */
export function isAway(error: unknown): boolean {
  return isHarnessError(error) && (error.code === 'CONNECTION_LOST' || error.code === 'DAEMON_UNREACHABLE')
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      reject(abortReason(signal))
    }
  })
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, {once: true})
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
