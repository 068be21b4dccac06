import {readFile} from 'node:fs/promises'
import {statePaths} from '../../../src/core/base/state-directory.js'
import type {Sandbox} from '../../support/harness.js'

/** How many clients the daemon holds a connection with at its unix socket, as the kernel's table has it. */
export async function openConnections({state}: Sandbox): Promise<number> {
  const table = await readFile('/proc/net/unix', 'utf8')
  const connected = '03'
  return table.split('\n').filter((line) => {
    const fields = line.trim().split(/\s+/)
    return fields[5] === connected && fields[7] === statePaths(state).socket
  }).length
}
