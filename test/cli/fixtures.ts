import type {ServiceStatus, TaskStatus} from '../../src/core/contract/status.js'

export function serviceStatus(over: Partial<ServiceStatus> = {}): ServiceStatus {
  return {
    name: 'api',
    state: 'Running',
    health: null,
    desired: 'up',
    attempt: 1,
    restarts: 0,
    pid: 4242,
    container: null,
    host: null,
    endpoints: [],
    since: '2026-01-01T00:00:00.000Z',
    uptimeMs: 65_000,
    exit: null,
    reason: null,
    blockedBy: null,
    waitsFor: [],
    overdue: false,
    backoffUntil: null,
    reachability: 'known',
    outputs: {},
    orphan: false,
    ...over,
  }
}

export function taskStatus(over: Partial<TaskStatus> = {}): TaskStatus {
  return {
    name: 'seed',
    state: 'Succeeded',
    outputs: null,
    reason: null,
    since: '2026-01-01T00:00:00.000Z',
    exit: null,
    waitsFor: [],
    nextRunAt: null,
    ...over,
  }
}

export const httpEndpoint = {
  name: 'http',
  protocol: 'http',
  host: '127.0.0.1',
  port: 4000,
  url: 'http://127.0.0.1:4000',
} as const
