import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {SerialQueue} from '../../base/serial-queue.js'
import {findTool} from '../platform.js'
import type {FreeRoom} from './retention.js'

const run = promisify(execFile)

/** The first block stays: it has the header. */
const blockSize = 4096

/** Punches holes with `fallocate`, one file after the other. */
export function createFreeRoom(): FreeRoom {
  const queue = new SerialQueue()
  return (file, length) =>
    queue.run(async () => {
      const program = findTool('fallocate')
      if (length <= blockSize) return true
      if (program === undefined) return false
      const range = ['-o', String(blockSize), '-l', String(length - blockSize)]
      return run(program, ['--punch-hole', ...range, '--', file]).then(
        () => true,
        () => false,
      )
    })
}
