import type {Clock} from '../../base/clock.js'
import type {RunPaths} from '../../process/run-directory.js'
import {readEnd, type EndRecord} from './end-record.js'
import type {Manager} from './manager.js'
import {isUp} from './parse-units.js'

const pauseMs = 20

/** What was written about the end of a unit, once systemd has done with it. `undefined`: nothing was, and nothing will be. */
export async function awaitEndRecord(
  unit: string,
  paths: RunPaths,
  {manager, clock, signal}: {readonly manager: Manager; readonly clock: Clock; readonly signal: AbortSignal},
): Promise<EndRecord | undefined> {
  for (;;) {
    const isDone = !isUp(await manager.showOne(unit, signal))
    const record = readEnd(paths)
    if (record || isDone) return record
    await clock.sleep(pauseMs, signal)
  }
}
