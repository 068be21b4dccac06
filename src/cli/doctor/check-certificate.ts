import {createPrivateKey, X509Certificate} from 'node:crypto'
import {readdir, readFile} from 'node:fs/promises'
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
    const [pem, key] = await Promise.all([readFile(paths.certificate), readFile(paths.key)])
    const damage = damageOf(key)
    if (damage !== undefined) {
      const fix = `${renew}  (makes a new key, which other machines have to trust anew, unless you bring a copy of the old one back)`
      return [
        broken('CERTIFICATE_MISMATCH', `'${paths.key}' cannot be used: ${damage}`, fix),
        ...(await keptDamage(directory)),
      ]
    }
    const certificate = new X509Certificate(pem)
    if (!certificate.checkPrivateKey(createPrivateKey(key))) {
      return [broken('CERTIFICATE_MISMATCH', `'${paths.certificate}' does not fit its key`, renew)]
    }
    return [validity(certificate), ...(await keptDamage(directory))]
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [ok('none yet; the daemon makes one')]
    if (systemCode(error)?.startsWith('E') && !systemCode(error)?.startsWith('ERR_')) return [brokenBy(error)]
    return [broken('CERTIFICATE_MISMATCH', `'${paths.certificate}' cannot be read: ${messageOf(error)}`, renew)]
  }
}

function damageOf(key: Buffer): string | undefined {
  try {
    return createPrivateKey(key).asymmetricKeyDetails?.namedCurve === 'prime256v1' ? undefined : 'it is no P-256 key'
  } catch {
    return 'it is no private key in PEM'
  }
}

/** What an earlier daemon put aside is evidence, until somebody has looked at it. */
async function keptDamage(directory: string): Promise<readonly Verdict[]> {
  const kept = (await readdir(directory)).filter((name) => /^tls-.*\.corrupt-/.test(name))
  if (kept.length === 0) return []
  const said = `a key or certificate was damaged earlier and put aside: ${kept.join(', ')}; 'harness daemon logs' has the keys`
  return [warning(said, `rm '${directory}'/tls-*.corrupt-*  (once you have looked at them)`)]
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
