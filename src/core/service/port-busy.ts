import {errorTable, HarnessError, messageOf, systemCode} from '../base/errors.js'
import {findPortHolder, holderInWords, type Transport} from '../process/port-holder.js'

/** Why a port cannot be had, as PORT_BUSY: by whom, as far as that can be seen. */
export async function portBusy(port: number, transport: Transport, cause: unknown): Promise<HarnessError> {
  const subject = String(port)
  const code = systemCode(cause)
  if (code === 'EACCES') {
    return new HarnessError('PORT_BUSY', {
      subject,
      reason: 'this user may not open it',
      hint: 'Choose a port from 1024 on, or use 0 to have a free one allocated.',
      cause,
    })
  }
  if (code !== 'EADDRINUSE') return new HarnessError('PORT_BUSY', {subject, reason: messageOf(cause), cause})
  if (port === 0) return new HarnessError('PORT_BUSY', {subject, reason: 'this machine has no free port left', cause})
  const holder = await findPortHolder(port, transport)
  const look = `sudo ss -${transport === 'tcp' ? 't' : 'u'}anp 'sport = :${port}'`
  return new HarnessError('PORT_BUSY', {
    subject,
    reason: holderInWords(holder),
    cause,
    ...(holder?.kind === 'hidden' && {hint: `${errorTable.PORT_BUSY.hint} To see it: \`${look}\`.`}),
    ...(holder?.kind === 'process' && {details: {pid: holder.pid, command: holder.command}}),
  })
}
