import {constants, openSync} from 'node:fs'
import {Socket} from 'node:net'
import {HarnessError, messageOf, systemCode} from '../../base/errors.js'
import type {WorkloadInput} from '../../contract/session.js'
import {written} from './written.js'

/** Opens the standard input of a program, which is a fifo. SERVICE_NO_INPUT when nobody reads it. */
export function openFifo(file: string, service: string): Promise<WorkloadInput> {
  let fd
  try {
    fd = openSync(file, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch (error) {
    return Promise.reject(noInput(service, error))
  }
  const socket = new Socket({fd, readable: false, writable: true})
  socket.on('error', () => undefined)
  return Promise.resolve({
    write: (bytes) => written(socket, bytes),
    [Symbol.dispose]() {
      socket.destroy()
    },
  })
}

function noInput(service: string, error: unknown): HarnessError {
  const isUnread = ['ENOENT', 'ENXIO'].includes(systemCode(error) ?? '')
  return new HarnessError('SERVICE_NO_INPUT', {
    subject: service,
    reason: isUnread ? 'its program has closed it' : messageOf(error),
    hint: `Run \`harness restart ${service}\` to start it anew.`,
    cause: error,
  })
}
