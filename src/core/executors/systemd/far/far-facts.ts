import type {Clock} from '../../../base/clock.js'
import type {Facts} from '../machine.js'
import type {Manager} from '../manager.js'

const script = 'id -u; cat /proc/sys/kernel/random/boot_id; date +%s.%N; cat /proc/uptime'

/** Asked in one command. */
export async function farFacts(manager: Manager, clock: Clock, signal?: AbortSignal): Promise<Facts> {
  const [uid = '', boot = '', now = '', uptime = ''] = (await manager.ask(script, signal)).split('\n')
  return {
    boot: boot.trim(),
    uid: Number(uid),
    here: clock.now(),
    // Not each `date` has parts of a second.
    now: Number(/^\d+(\.\d+)?/.exec(now)?.[0] ?? 0) * 1000,
    monotonic: Number(uptime.split(' ')[0]) * 1e6,
  }
}
