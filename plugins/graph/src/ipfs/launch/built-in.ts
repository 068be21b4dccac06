import {once} from 'node:events'
import {fail} from '../../shared/launch/run-program.js'
import type {ServiceFolder} from './open-folder.js'
import {agent, openNode} from '../node/ipfs-node.js'
import {rpcServer} from '../node/server.js'

export interface BuiltInOptions extends ServiceFolder {
  readonly port: number
  /** Why it is not Kubo. */
  readonly why: string
}

/** Serves until this process is asked to end. */
export async function runBuiltIn({folder, remove, port, why}: BuiltInOptions): Promise<void> {
  const server = rpcServer(await openNode(folder))
  server.once('error', ({message}) => {
    fail(message)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  process.stdout.write(
    `built-in IPFS server, ${why}: ${agent.name}/${agent.version} at http://127.0.0.1:${port}, without a network\n`,
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      void remove().finally(() => process.exit(0))
    })
}
