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
        pluginChanges: await daemon.pluginChanges(),
        stateProblem: daemon.stateProblem(),
      }
    },
    'daemon.info': async () => ({...daemon.info(), pluginChanges: await daemon.pluginChanges()}),
    'daemon.census': () => takeCensus(daemon),
    'daemon.metrics': () => daemon.metrics.read(),
    'daemon.shutdown'({stopServices}) {
      daemon.shutdown({stopServices})
      return {}
    },
  }
}
