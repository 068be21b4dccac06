import {defaultRestart} from '../config/default-restart.js'
import {mergePorts} from '../config/merge-ports.js'
import type {ServiceDefaults} from '../contract/service-type.js'
import type {ServiceDefinition} from '../contract/stack.js'

/** A service with nothing left open: what is supervised. */
export type CompleteService = ServiceDefinition &
  Required<Pick<ServiceDefinition, 'graceMs' | 'restart' | 'startupTimeoutMs' | 'target'>>

/** What holds where neither the stack file nor the service type says anything. */
export const serviceDefaults: Pick<CompleteService, 'graceMs' | 'restart' | 'startupTimeoutMs'> = {
  restart: defaultRestart,
  graceMs: 10_000,
  startupTimeoutMs: 300_000,
}

/** The file's word first, then the type's, then harness's own. */
export function completeService(
  service: ServiceDefinition & Pick<CompleteService, 'target'>,
  brought: ServiceDefaults = {},
): CompleteService {
  const {target: _target, endpoints: _endpoints, readiness: healthCheck, env, ports: usual = [], ...rest} = brought
  const ports = mergePorts(service.ports, usual)
  return {...serviceDefaults, ...given({...rest, healthCheck}), ...service, ports, env: {...env, ...service.env}}
}

/** Without what is not there: an `undefined` of a plugin would hide what lies below. */
function given<T extends object>(fields: T): {readonly [Key in keyof T]?: Exclude<T[Key], undefined>} {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>
  }
}
