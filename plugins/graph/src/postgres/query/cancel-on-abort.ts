import type {Client} from 'pg'
import {connect, ownDatabase} from '../connect.js'
import type {Context, Services} from '../postgres-services.js'

/** Ends what a session runs, by another session: it is the only way, https://www.postgresql.org/docs/current/functions-admin.html. */
export class Canceller implements Disposable {
  private asked = false
  private readonly onAbort = (): void => {
    this.cancel()
  }

  private constructor(
    private readonly context: Context,
    private readonly services: Services,
    private readonly pid: number,
  ) {
    context.signal.addEventListener('abort', this.onAbort, {once: true})
  }

  static async of(client: Client, context: Context, services: Services): Promise<Canceller> {
    const {rows} = await client.query<{pid: number}>('select pg_backend_pid() as pid')
    return new Canceller(context, services, rows[0]?.pid ?? 0)
  }

  /** Whoever has wanted it. */
  get isAsked(): boolean {
    return this.asked
  }

  /** Once. */
  cancel(): void {
    if (this.asked) return
    this.asked = true
    void this.send().catch(() => undefined)
  }

  [Symbol.dispose](): void {
    this.context.signal.removeEventListener('abort', this.onAbort)
  }

  private async send(): Promise<void> {
    const context = {...this.context, signal: AbortSignal.timeout(10_000)}
    await using connection = await connect(context, this.services, ownDatabase())
    await connection.client.query('select pg_cancel_backend($1)', [this.pid])
  }
}
