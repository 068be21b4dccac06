import {defaultRestart} from '../config/default-restart.js'
import type {ServiceDefaults} from '../contract/service-type.js'
import type {ServiceDefinition} from '../contract/stack.js'

/** A service with nothing left open: what is supervised. */
export type CompleteService = ServiceDefinition &
  Required<Pick<ServiceDefinition, 'graceMs' | 'restart' | 'startupTimeoutMs' | 'stopSignal' | 'target'>>

/** What holds where neither the stack file nor the service type says anything. */
export const serviceDefaults: Pick<CompleteService, 'graceMs' | 'restart' | 'startupTimeoutMs' | 'stopSignal'> = {
  restart: defaultRestart,
  stopSignal: 'SIGTERM',
  graceMs: 10_000,
  startupTimeoutMs: 300_000,
}

/** The file's word first, then the type's, then harness's own. */
export function completeService(
  service: ServiceDefinition & Pick<CompleteService, 'target'>,
  brought: ServiceDefaults = {},
): CompleteService {
  const healthCheck = service.healthCheck ?? brought.readiness
  const liveness = service.liveness ?? brought.liveness
  const {restart, stopSignal, graceMs, startupTimeoutMs} = serviceDefaults
  return {
    ...service,
    env: {...brought.env, ...service.env},
    restart: service.restart ?? brought.restart ?? restart,
    stopSignal: service.stopSignal ?? brought.stopSignal ?? stopSignal,
    graceMs: service.graceMs ?? brought.graceMs ?? graceMs,
    startupTimeoutMs: service.startupTimeoutMs ?? brought.startupTimeoutMs ?? startupTimeoutMs,
    ...(healthCheck ? {healthCheck} : {}),
    ...(liveness ? {liveness} : {}),
  }
}
