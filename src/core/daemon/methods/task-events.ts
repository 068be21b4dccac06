import {systemClock} from '../../base/clock.js'
import {withDeadline} from '../../base/deadline.js'
import type {TaskEvents} from '../../stack/report-steps.js'
import type {Call} from '../../transport/connection.js'

/** A task that prints much goes on when so much waits for the client, ... */
const roomyBytes = 256 * 1024
/** ... or when the client has not read so long: then, and above this, what is said is left out for it. */
const patienceMs = 1000
const mostWaitingBytes = 2 * roomyBytes

/** Sends what tasks say to the client that asked, as fast as it reads. One that does not read costs nothing and holds no task up for long. */
export function taskEventsTo(call: Call): TaskEvents {
  const {connection} = call
  let stalled = false
  return {
    onEvent(task, event) {
      if (connection.bufferedBytes < roomyBytes) stalled = false
      if (!stalled && connection.bufferedBytes < mostWaitingBytes) call.progress({task, event})
    },
    async room() {
      if (stalled || connection.bufferedBytes < roomyBytes) return
      await withDeadline((signal) => connection.drained(roomyBytes, signal), {
        clock: systemClock,
        ms: patienceMs,
        onTimeout: () => new Error('The client does not read.'),
      }).catch(() => {
        stalled = true
      })
    },
  }
}
