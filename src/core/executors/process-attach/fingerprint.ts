import type {Fingerprint} from '../../contract/executor.js'
import {readStat} from '../../process/platform.js'

/** Can processes be seen on this machine? */
export function fingerprint(): Fingerprint {
  if (readStat(process.pid) !== undefined) {
    return {health: 'healthy', description: 'Processes of this machine can be watched.', attributes: {}}
  }
  return {health: 'undetected', description: `No /proc on '${process.platform}' to see processes by.`, attributes: {}}
}
