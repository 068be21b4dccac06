import type {ChildProcessByStdio} from 'node:child_process'
import type {Readable} from 'node:stream'
import type {LogSpool, PluginServices, StartRequest} from '@service-harness/cli/plugin'

export type Child = ChildProcessByStdio<null, Readable, Readable>

/** Writes what a child prints to the logs of its attempt, where `harness logs` finds it. */
export function keepOutput(child: Child, request: StartRequest, services: PluginServices): LogSpool {
  const {id, runDirectory, logs} = request
  const spool = services.openSpool({directory: runDirectory, logs})
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (bytes: Uint8Array) => {
      try {
        spool.write(stream, bytes, Date.now())
      } catch (error) {
        // The disk is full. The program goes on; what it prints meanwhile is lost.
        services.log.warn('output was lost', {id, stream, error: String(error)})
      }
    })
  }
  return spool
}
