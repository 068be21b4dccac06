import {errorTable} from '../base/error-table.js'
import {HarnessError, messageOf, systemCode} from '../base/errors.js'
import {findPortHolder, holderInWords, type PortHolder, type Transport} from '../process/port-holder.js'

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
  return new HarnessError('PORT_BUSY', {
    subject,
    reason: holderInWords(holder),
    cause,
    ...hintOf(holder, port, transport),
    ...(holder?.kind === 'process' && {details: {pid: holder.pid, command: holder.command}}),
  })
}

/** How to find out who it is, where that cannot be told. */
function hintOf(holder: PortHolder | undefined, port: number, transport: Transport): {readonly hint?: string} {
  const {hint} = errorTable.PORT_BUSY
  if (holder?.kind === 'process' && holder.forContainer) {
    return {hint: `${hint} The container: \`docker ps --filter publish=${port}\`.`}
  }
  if (holder?.kind !== 'hidden') return {}
  return {hint: `${hint} To see it: \`sudo ss -${transport === 'tcp' ? 't' : 'u'}anp 'sport = :${port}'\`.`}
}
