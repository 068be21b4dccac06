import {isHarnessError} from '../../base/errors.js'
import type {Fingerprint} from '../../contract/executor.js'
import type {ProcessHost} from '../../process/host.js'

/** Can services run on this machine? */
export function fingerprint(host: ProcessHost): Fingerprint {
  try {
    const {sh, setsid} = host.tools()
    return {health: 'healthy', description: 'Programs of this machine can be run.', attributes: {sh, setsid}}
  } catch (error) {
    if (!isHarnessError(error)) throw error
    return {health: 'undetected', description: error.message, attributes: {}}
  }
}
