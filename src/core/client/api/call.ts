import {HarnessError, isHarnessError} from '../../base/errors.js'
import {methods, type MethodName, type ResultOf} from '../../protocol/methods.js'
import type {CallOptions, ChannelMethod, OpenCall, OpenOptions} from '../client.js'
import {fill} from './fill.js'
import type {Line} from './line.js'

/** A request that a daemon does not survive must not end the next ones as well. */
const mostRetries = 4

/**
 * Sends a request and waits for its answer. One whose connection is lost is sent again, with the same parameters and so with the same
 * `requestId`, unless the method says that it must not be: to any daemon, or to another one than the first.
 */
export async function call<Name extends MethodName>(
  line: Line,
  name: Name,
  given: object = {},
  options: CallOptions = {},
): Promise<ResultOf<Name>> {
  const params = fill(name, given)
  let lost: Lost | undefined
  for (let retries = 0; ; retries += 1) {
    const client = await line.request(options.signal)
    const {epoch} = client.hello.daemon
    if (lost) mayRepeat(name, lost, epoch)
    try {
      return await client.call(name, params, options)
    } catch (error) {
      if (!isLost(error) || line.closed.aborted || retries >= mostRetries) throw error
      if (methods[name].repeatable === 'never') throw error
      lost = {epoch, error}
      // The next request must not take the conversation that is just over.
      await client.closed
    }
  }
}

/** A request whose connection was lost, and to which daemon it was sent. */
interface Lost {
  readonly epoch: string
  readonly error: HarnessError
}

function isLost(error: unknown): error is HarnessError {
  return isHarnessError(error) && error.code === 'CONNECTION_LOST'
}

/** CONNECTION_LOST for what another daemon would do once more. */
function mayRepeat(name: MethodName, lost: Lost, epoch: string): void {
  if (methods[name].repeatable !== 'sameDaemon' || lost.epoch === epoch) return
  throw new HarnessError('CONNECTION_LOST', {
    subject: lost.error.subject,
    reason: `the daemon ended during ${name}, and whether it was done cannot be told`,
    hint: 'Look whether it was done, and ask again if not. Services keep running without the daemon.',
    cause: lost.error,
  })
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
