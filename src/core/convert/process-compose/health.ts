import type {Json, JsonObject} from '../../base/json.js'
import {given} from '../given.js'
import type {Part} from '../part.js'
import type {Availability} from './availability.js'
import {readProbe, type Probing, type ReadProbe} from './probes.js'
import {expandText} from './texts.js'

/** How long a start may take where nothing is said, in seconds. */
const usualStartupSeconds = 300

/**
 * Readiness and liveness. process-compose stops what fails its readiness probe, before and after it was ready; harness leaves that to liveness,
 * so the probe is both. Without a restart policy it is not started again.
 */
export function readHealth(probing: Probing, part: Part, availability: Availability): JsonObject {
  const {restart, policy} = availability
  const readiness = readPart(probing, part, 'readiness_probe')
  const own = readPart(probing, part, 'liveness_probe')
  const line = expandText(probing.scope, part, 'ready_log_line')
  if (own && !part.flag('is_daemon')) {
    part.note('liveness_probe', 'restarts the service here; process-compose only logs it, but for daemons')
  }
  const liveness = own ?? readiness
  if (readiness?.initialDelay !== undefined) {
    part.note(
      'readiness_probe.initial_delay_seconds',
      'is left out: harness asks at once, and failures before the first success do not count',
    )
  }
  return given({
    health_check: readiness ? {...readiness.check, ...readiness.timing} : logCheck(line),
    liveness: liveness && {...liveness.check, ...liveness.timing, ...startPeriod(liveness)},
    startup_timeout: readiness && startupTimeout(readiness),
    restart: liveness && policy === 'no' ? {policy: 'no', max_attempts: 0} : restart,
  })
}

function readPart(probing: Probing, part: Part, key: string): ReadProbe | undefined {
  const probe = part.part(key)
  return probe && readProbe(probing, probe)
}

function logCheck(line: string | undefined): JsonObject | undefined {
  return line === undefined || line === '' ? undefined : {log: literalPattern(line)}
}

/** A regular expression that is found where this text is. Variables in it stay. */
function literalPattern(text: string): string {
  return text.replace(/\$\$|\$\{[^]*?\}|[\\^.*+?()[\]{}|/]/g, (piece) =>
    piece === '$$' ? '\\$$' : piece.startsWith('${') ? piece : `\\${piece}`,
  )
}

function startPeriod({initialDelay}: ReadProbe): JsonObject {
  return given({start_period: initialDelay})
}

/** As long as process-compose would wait, where that is longer than usual. */
function startupTimeout({timing, initialDelay = '0s'}: ReadProbe): Json | undefined {
  const seconds = (value: Json | undefined): number =>
    typeof value === 'number' ? value : Number.parseFloat(typeof value === 'string' ? value : '0')
  const all =
    seconds(initialDelay) + seconds(timing['retries']) * (seconds(timing['interval']) + seconds(timing['timeout']))
  return all > usualStartupSeconds ? `${Math.min(Math.ceil(all), 2_000_000)}s` : undefined
}
