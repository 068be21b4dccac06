import {HarnessError} from '../core/base/errors.js'
import {serviceName} from './require-names.js'

/** How many of a service there are to be. */
export interface Scale {
  readonly service: string
  readonly replicas: number
}

/** As many as the protocol takes. */
const most = 1000

/** `SERVICE=N` for each argument of `harness scale`. */
export function parseScales(texts: readonly string[]): readonly Scale[] {
  const scales = texts.map(parseScale)
  const twice = scales.find(({service}, index) => scales.findIndex((other) => other.service === service) < index)
  if (twice) throw problem(twice.service, 'it is named twice')
  return scales
}

function parseScale(text: string): Scale {
  const [, service, digits] = /^([^=]+)=(\d{1,9})$/.exec(text) ?? []
  const replicas = Number(digits)
  if (service === undefined || digits === undefined) throw problem(text, 'expected SERVICE=NUMBER')
  if (replicas > most) throw problem(text, `expected at most ${most}`)
  return {service: serviceName(service), replicas}
}

function problem(subject: string, reason: string): HarnessError {
  return new HarnessError('USAGE', {
    subject,
    reason,
    hint: 'Write harness scale api=3, or several: harness scale api=3 worker=0.',
  })
}
