import {systemClock, type Clock} from '../base/clock.js'
import {SerialQueue} from '../base/serial-queue.js'
import {createFreeRoom} from './log/free-room.js'
import type {FreeRoom} from './log/retention.js'
import {createLauncher, type Launcher} from './launcher.js'
import {requirePlatform, type PlatformTools} from './platform.js'
import {createPoller, type Poller} from './poller.js'
import {createScanner, type ProcessScanner} from './scan.js'

/** What all processes of one daemon share. */
export interface ProcessHost {
  readonly clock: Clock
  readonly scanner: ProcessScanner
  /** The safety net under file watches. */
  readonly slow: Poller
  /** For what cannot be watched. */
  readonly fast: Poller
  /** Preparations of starts, one for each turn of the event loop. */
  readonly preparing: SerialQueue
  /** Gives the room of old logs back. */
  readonly freeRoom: FreeRoom
  /** Checks the platform at the first use, so that a daemon can be made anywhere. */
  tools(): PlatformTools
  launcher(): Launcher
}

export function createProcessHost(options: {readonly clock?: Clock; readonly tools?: PlatformTools} = {}): ProcessHost {
  const clock = options.clock ?? systemClock
  let tools = options.tools
  let launcher: Launcher | undefined
  const host: ProcessHost = {
    clock,
    scanner: createScanner(),
    preparing: new SerialQueue(),
    freeRoom: createFreeRoom(),
    slow: createPoller(clock, 2000),
    fast: createPoller(clock, 250),
    tools: () => (tools ??= requirePlatform()),
    launcher: () => (launcher ??= createLauncher(host.tools(), clock)),
  }
  return host
}
