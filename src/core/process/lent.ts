import type {Clock} from '../base/clock.js'
import type {PluginServices} from '../contract/services.js'
import {lentShim} from './lent-shim.js'
import {followEvents, processEvents} from './log/process-events.js'
import {spoolOpener} from './log/spool.js'
import {runCommand} from './run-command.js'

/** What plugins are lent of this machine. */
export function lentServices(
  clock: Clock,
): Pick<PluginServices, 'follow' | 'openSpool' | 'run' | 'shim' | 'workloadEvents'> {
  return {
    run: runCommand,
    follow: followEvents,
    openSpool: spoolOpener(clock),
    shim: lentShim,
    workloadEvents: processEvents,
  }
}
