import type {Clock} from '../base/clock.js'
import type {PluginServices} from '../contract/services.js'
import {abortable} from './abortable.js'
import {toExitStatus} from './exit-status.js'
import {lentShim} from './lent-shim.js'
import {followEvents, processEvents} from './log/process-events.js'
import {spoolOpener} from './log/spool.js'
import {spoolWriter} from './log/write-spool.js'
import {runCommand} from './run-command.js'
import {readOutput} from './session/read-output.js'

/** What plugins are lent of the code for processes. */
export type LentServices = Pick<
  PluginServices,
  'abortable' | 'exitStatus' | 'follow' | 'openSpool' | 'readOutput' | 'run' | 'shim' | 'workloadEvents' | 'writeSpool'
>

export function lentServices(clock: Clock): LentServices {
  const openSpool = spoolOpener(clock)
  return {
    run: runCommand,
    follow: followEvents,
    openSpool,
    writeSpool: spoolWriter(openSpool),
    readOutput: (sources, over) => readOutput(sources, over, clock),
    abortable,
    exitStatus: toExitStatus,
    shim: lentShim,
    workloadEvents: processEvents,
  }
}
