import {protocolVersion} from '../../protocol/messages.js'
import type {Handlers} from '../../transport/connection.js'
import {takeCensus} from '../census.js'
import type {DaemonContext} from '../context.js'

export function daemonMethods(
  daemon: DaemonContext,
): Pick<Handlers, 'daemon.census' | 'daemon.info' | 'daemon.metrics' | 'daemon.shutdown' | 'initialize'> {
  return {
    async initialize() {
      await daemon.announced
      return {
        protocolVersion,
        daemon: {version: daemon.version, epoch: daemon.epoch, pid: process.pid},
        plugins: daemon.catalogue.plugins,
        stateProblem: daemon.stateProblem(),
      }
    },
    'daemon.info': () => daemon.info(),
    'daemon.census': () => takeCensus(daemon),
    'daemon.metrics': () => daemon.metrics.read(),
    'daemon.shutdown'({stopServices}) {
      daemon.shutdown({stopServices})
      return {}
    },
  }
}
