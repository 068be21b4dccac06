import {createPrivateKey, X509Certificate} from 'node:crypto'
import {readFile} from 'node:fs/promises'
import {systemClock} from '../../core/base/clock.js'
import {formatDuration} from '../../core/base/duration.js'
import {messageOf, systemCode} from '../../core/base/errors.js'
import {statePaths} from '../../core/base/state-directory.js'
import {broken, brokenBy, ok, warning, type Verdict} from './finding.js'

const soonMs = 14 * 86_400_000
const renew = 'harness daemon restart'

/** The certificate of the TLS listener: whether it is whole, fits its key, and for how long it is valid. */
export async function checkCertificate(directory: string): Promise<readonly Verdict[]> {
  const paths = statePaths(directory)
  try {
    const certificate = new X509Certificate(await readFile(paths.certificate))
    if (!certificate.checkPrivateKey(createPrivateKey(await readFile(paths.key)))) {
      return [broken('CERTIFICATE_MISMATCH', `'${paths.certificate}' does not fit its key`, renew)]
    }
    return [validity(certificate)]
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [ok('none yet; the daemon makes one')]
    if (systemCode(error)?.startsWith('E') && !systemCode(error)?.startsWith('ERR_')) return [brokenBy(error)]
    return [broken('CERTIFICATE_MISMATCH', `'${paths.certificate}' cannot be read: ${messageOf(error)}`, renew)]
  }
}

function validity({validFrom, validTo}: X509Certificate): Verdict {
  const now = systemClock.now()
  const left = Date.parse(validTo) - now
  if (left <= 0) {
    return broken('CERTIFICATE_MISMATCH', `it expired ${formatDuration(-left)} ago, on ${validTo}`, renew)
  }
  if (Date.parse(validFrom) > now) {
    return broken(
      'CERTIFICATE_MISMATCH',
      `it is valid from ${validFrom} on: the clock of this machine may be wrong`,
      'date',
    )
  }
  if (left < soonMs) return warning(`it expires in ${formatDuration(left)}`, renew)
  return ok(`valid until ${validTo}`)
}
