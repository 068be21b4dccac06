import type {EventStream} from '../../base/event-stream.js'
import type {ProcessEvent} from '../../contract/command.js'
import {processEvents} from '../../process/log/process-events.js'
import type {Ended} from '../../process/service-process.js'

/** An attached process has one event: its end. */
export function eventsOf(ended: Promise<Ended>, released: AbortSignal): EventStream<ProcessEvent> {
  return processEvents({logs: [], ended, signal: released})
}
