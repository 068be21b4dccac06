import {isHarnessError} from '../../base/errors.js'
import {methods, type MethodName, type ResultOf} from '../../protocol/methods.js'
import type {CallOptions, ChannelMethod, OpenCall, OpenOptions} from '../client.js'
import {fill} from './fill.js'
import type {Line} from './line.js'

/** A request that a daemon does not survive must not end the next ones as well. */
const mostRetries = 4

/**
 * Sends a request and waits for its answer. One whose connection is lost is sent again, with the same parameters and so with the same
 * `requestId`, unless the method says that it must not be.
 */
export async function call<Name extends MethodName>(
  line: Line,
  name: Name,
  given: object = {},
  options: CallOptions = {},
): Promise<ResultOf<Name>> {
  const params = fill(name, given)
  for (let retries = 0; ; retries += 1) {
    const client = await line.request(options.signal)
    try {
      return await client.call(name, params, options)
    } catch (error) {
      const isLost = isHarnessError(error) && error.code === 'CONNECTION_LOST' && !line.closed.aborted
      if (!isLost || methods[name].repeatable === false || retries >= mostRetries) throw error
      // The next request must not take the conversation that is just over.
      await client.closed
    }
  }
}

/** Opens a channel over the conversation that all requests share. It ends with that. */
export async function open<Name extends ChannelMethod>(
  line: Line,
  name: Name,
  given: object,
  options: OpenOptions,
): Promise<OpenCall<ResultOf<Name>>> {
  const client = await line.request(options.signal)
  return client.open(name, fill(name, given), options)
}
