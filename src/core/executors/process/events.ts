import type {EventStream} from '../../base/event-stream.js'
import type {ProcessEvent} from '../../contract/command.js'
import type {FileLog} from '../../process/log/file-log-source.js'
import {processEvents} from '../../process/log/process-events.js'
import type {Ended} from '../../process/service-process.js'

/** Lines and the end: of a fresh process from its first line on, of a recovered one from now on. */
export function eventsOf(
  logs: readonly FileLog[],
  options: {readonly fresh: boolean; readonly ended: Promise<Ended>; readonly released: AbortSignal},
): EventStream<ProcessEvent> {
  return processEvents({
    logs: logs.map((source) => ({source, from: options.fresh ? 0 : source.seen()})),
    ended: options.ended,
    signal: options.released,
  })
}
