import {constants, openSync} from 'node:fs'
import {Socket} from 'node:net'
import type {Clock} from '../../base/clock.js'
import {HarnessError, messageOf, systemCode} from '../../base/errors.js'
import type {WorkloadInput} from '../../contract/session.js'
import {written} from './written.js'

export interface FifoOptions {
  readonly service: string
  readonly clock: Clock
  /** Whether the program is still there. */
  readonly isAlive: () => boolean
}

/** A program that was started just now opens its input a moment later. In milliseconds. */
const patienceMs = 1000
const pauseMs = 10

/** Opens the standard input of a program, which is a fifo. SERVICE_NO_INPUT when nobody reads it, also not a moment later. */
export async function openFifo(file: string, options: FifoOptions): Promise<WorkloadInput> {
  const fd = await openWriting(file, options)
  const socket = new Socket({fd, readable: false, writable: true})
  socket.on('error', () => undefined)
  return {
    write: (bytes) => written(socket, bytes),
    [Symbol.dispose]() {
      socket.destroy()
    },
  }
}

async function openWriting(file: string, {service, clock, isAlive}: FifoOptions): Promise<number> {
  const until = clock.monotonic() + patienceMs
  for (;;) {
    try {
      return openSync(file, constants.O_WRONLY | constants.O_NONBLOCK)
    } catch (error) {
      if (!isUnread(error) || !isAlive() || clock.monotonic() > until) throw noInput(service, error)
      await clock.sleep(pauseMs)
    }
  }
}

function isUnread(error: unknown): boolean {
  return ['ENOENT', 'ENXIO'].includes(systemCode(error) ?? '')
}

function noInput(service: string, error: unknown): HarnessError {
  return new HarnessError('SERVICE_NO_INPUT', {
    subject: service,
    reason: isUnread(error) ? 'its program has closed it' : messageOf(error),
    hint: `Run \`harness restart ${service}\` to start it anew.`,
    cause: error,
  })
}
