import {HarnessError} from '../base/errors.js'
import {isJsonObject, type Json, type JsonObject} from '../base/json.js'
import {resolveDeep, type Reference} from '../config/template.js'
import type {Probe, ProbeCheck} from '../contract/probe.js'
import type {StackDefinition} from '../contract/stack.js'
import type {Endpoint} from '../contract/workload.js'
import {endpointUrl} from '../service/ports.js'

/** What references can ask of the stack as it is now. */
export interface ReferenceSource {
  readonly definition: StackDefinition
  /** Endpoints of a service that has been started; `undefined` before. */
  readonly endpoints: (service: string) => readonly Endpoint[] | undefined
  /** What the log check of a service found; `undefined` for one that there is not. */
  readonly serviceOutputs: (service: string) => Readonly<Record<string, string>> | undefined
  /** Outputs of a task that is done. */
  readonly outputs: (task: string) => Json | undefined
  /** The value of a secret, as the caller gave it with the start. */
  readonly secret: (name: string) => string | undefined
}

/** Fills in all references of a template for one service or task. Throws SERVICE_START_FAILED naming the reference that has no value. */
export function fillReferences<T extends JsonObject>(
  template: T,
  source: ReferenceSource,
  own: {readonly name: string; readonly group: string; readonly endpoints: readonly Endpoint[]},
): T {
  const near: ReferenceSource = {
    ...source,
    serviceOutputs: (service) => source.serviceOutputs(service === own.group ? own.name : service),
  }
  const endpointsOf = (service: string): readonly Endpoint[] | undefined =>
    service === own.group ? own.endpoints : source.endpoints(service)
  const lookup = (reference: Reference): string => {
    const value = valueOf(reference, near, endpointsOf)
    if (value === undefined && reference.kind === 'secret') throw missingSecret(own.name, reference.name)
    if (value === undefined) {
      throw new HarnessError('SERVICE_START_FAILED', {
        subject: own.name,
        reason: `the reference '\${${reference.text}}' has no value`,
        details: {missing: true},
        hint: `Add '${reference.of}' to the dependencies of '${own.name}', and see that it has what is asked for.`,
      })
    }
    return value
  }
  return resolveDeep(template, lookup) as T
}

function missingSecret(subject: string, secret: string): HarnessError {
  return new HarnessError('SERVICE_START_FAILED', {
    subject,
    reason: `the secret '${secret}' has no value`,
    hint: `See where it comes from under 'secrets' in the stack file, then run \`harness start ${subject}\`.`,
  })
}

/** A probe with its references filled in; a port that was a reference becomes a number. */
export function fillProbe(probe: Probe, fill: FillFor): Probe {
  return {...probe, check: fillCheck(probe.check, fill)}
}

/** `service`: it is asked for where the service runs, `host`: on this machine. */
type FillFor = (template: JsonObject, where: 'host' | 'service') => JsonObject

function fillCheck(check: ProbeCheck, fill: FillFor): ProbeCheck {
  // A pattern is no template: in it a `$` is the end of the line.
  if (check.kind === 'log') return check
  if (check.kind === 'all' || check.kind === 'any') {
    return {...check, checks: check.checks.map((each) => fillCheck(each, fill))}
  }
  const filled = fill(check, check.kind === 'command' ? check.on : 'host') as unknown as typeof check
  return filled.kind === 'tcp' ? {...filled, port: Number(filled.port)} : filled
}

function valueOf(
  reference: Reference,
  source: ReferenceSource,
  endpointsOf: (service: string) => readonly Endpoint[] | undefined,
): string | undefined {
  switch (reference.kind) {
    case 'stack':
      return reference.field === 'name' ? source.definition.name : source.definition.directory
    case 'output':
      return textOf(reference.path.reduce<Json | undefined>(member, outputsOf(source, reference.of)))
    case 'port': {
      const endpoint = endpointsOf(reference.of)?.find(({name}) => name === reference.port)
      return endpoint && String(endpoint.port)
    }
    case 'secret':
      return source.secret(reference.name)
    case 'address':
      return address(reference.field, endpointsOf(reference.of))
    case 'unknown':
      return undefined
  }
}

/** A service of that name comes before a task. */
function outputsOf(source: ReferenceSource, name: string): Json | undefined {
  return source.serviceOutputs(name) ?? source.outputs(name)
}

function address(
  field: 'host' | 'ip' | 'port' | 'url',
  endpoints: readonly Endpoint[] | undefined,
): string | undefined {
  const first = endpoints?.[0]
  if (field === 'host' || field === 'ip') return endpoints && (first?.host ?? '127.0.0.1')
  if (first === undefined) return undefined
  return field === 'port' ? String(first.port) : endpointUrl(first)
}

function member(value: Json | undefined, key: string): Json | undefined {
  return isJsonObject(value) ? value[key] : undefined
}

function textOf(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}
