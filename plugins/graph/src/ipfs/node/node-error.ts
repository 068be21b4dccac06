/** What a caller has asked for cannot be done; the message is Kubo's where there is one. */
export class NodeError extends Error {
  override readonly name = 'NodeError'
  constructor(
    message: string,
    readonly status: 400 | 500 = 500,
  ) {
    super(message)
  }
}
