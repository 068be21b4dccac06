import {HarnessError, isHarnessError, systemCode} from '../base/errors.js'
import {findPortHolder, holderInWords} from '../process/port-holder.js'

/** What listening failed with; where somebody else has the port, with who that is. */
export async function namePortOwner(error: unknown, port: number): Promise<unknown> {
  const isBusy = isHarnessError(error) && systemCode(error.cause) === 'EADDRINUSE'
  const holder = isBusy ? await findPortHolder(port, 'tcp') : undefined
  if (!isBusy || holder === undefined) return error
  return new HarnessError('DAEMON_LISTEN_FAILED', {
    subject: error.subject,
    reason: `port ${port} is in use ${holderInWords(holder)}`,
    hint: 'Choose another port, or leave --listen out to have a free one.',
    cause: error,
    ...(holder.kind === 'process' && {details: {pid: holder.pid, command: holder.command}}),
  })
}
