import {HarnessError, isHarnessError} from '../base/errors.js'
import {isJsonObject} from '../base/json.js'

/** What a daemon elsewhere says, whose hint is about its own machine. A version that does not fit is told with what to do there, or here. */
export function fromElsewhere(error: unknown): unknown {
  if (!isHarnessError(error) || error.code !== 'VERSION_MISMATCH') return error
  const {code, subject, reason, details} = error
  const upgrade = isJsonObject(details) ? details['upgrade'] : undefined
  return new HarnessError(code, {
    subject,
    hint: hints[upgrade === 'daemon' || upgrade === 'client' ? upgrade : 'either'],
    cause: error,
    ...(reason !== undefined && {reason}),
    ...(details !== undefined && {details}),
  })
}

const restart = 'run `harness daemon restart` there: services keep running.'

const hints = {
  daemon: `Upgrade harness on its machine, then ${restart}`,
  client: `Upgrade harness on this machine, or install the version of this one on that machine and ${restart}`,
  either: `Install the same version of harness here and on its machine, then ${restart}`,
} as const
