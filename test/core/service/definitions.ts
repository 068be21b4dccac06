import type {
  DependencyCondition,
  DependencyDefinition,
  RestartPolicy,
  StackDefinition,
  TaskDefinition,
} from '../../../src/core/contract/stack.js'
import type {ServiceState, TaskState} from '../../../src/core/contract/service-state.js'
import type {CompleteService} from '../../../src/core/service/defaults.js'
import type {Observed} from '../../../src/core/service/plan.js'

export const noRestart: RestartPolicy = {
  policy: 'no',
  delayMs: 1000,
  factor: 2,
  maxDelayMs: 60_000,
  jitter: 0,
  maxAttempts: 5,
  windowMs: 60_000,
  resetAfterMs: 60_000,
}

/** A service that runs this shell script. */
export function shellService(script: string, more: Partial<CompleteService> = {}): CompleteService {
  return {
    env: {},
    inheritEnv: true,
    ports: [],
    dependencies: [],
    restart: noRestart,
    graceMs: 1000,
    startupTimeoutMs: 60_000,
    minUptimeMs: 0,
    onStartTimeout: 'keep',
    successExitCodes: [0],
    successSignals: [],
    replicas: 1,
    watch: [],
    logs: {capture: 'file', merge: false},
    target: {type: 'process', spec: {binary: 'sh', args: ['-c', script]}},
    ...more,
  }
}

export function shellTask(script: string, more: Partial<TaskDefinition> = {}): TaskDefinition {
  return {
    taskType: 'command',
    input: {},
    env: {},
    inheritEnv: true,
    dependencies: [],
    timeoutMs: 60_000,
    retry: {retries: 0, delayMs: 10, factor: 2, maxDelayMs: 100, jitter: 0},
    graceMs: 1000,
    logs: {capture: 'file', merge: false},
    target: {type: 'process', spec: {binary: 'sh', args: ['-c', script]}},
    ...more,
  }
}

/** `db`, `db:started`, `task seed`, `task seed:completed`, `db restart`, each as an edge. */
export function edge(text: string): DependencyDefinition {
  const [, task, name = '', condition, restart] = /^(task )?([^:]+?)(?::(\w+))?( restart)?$/.exec(text) ?? []
  const kind = task ? 'task' : 'service'
  const usual = kind === 'task' ? 'succeeded' : 'ready'
  return {
    kind,
    name,
    condition: (condition as DependencyCondition | undefined) ?? usual,
    required: true,
    restart: restart !== undefined,
  }
}

/** A stack of which only the edges matter. */
export function graphOf(
  services: Readonly<Record<string, readonly string[]>>,
  tasks: Readonly<Record<string, readonly string[]>> = {},
): StackDefinition {
  const map = <T>(record: Readonly<Record<string, readonly string[]>>, make: (edges: DependencyDefinition[]) => T) =>
    Object.fromEntries(Object.entries(record).map(([name, edges]) => [name, make(edges.map(edge))]))
  return {
    name: 'demo',
    file: '/srv/demo/harness.yaml',
    directory: '/srv/demo',
    services: map(services, (dependencies) => shellService('exec sleep 600', {dependencies})),
    tasks: map(tasks, (dependencies) => shellTask('true', {dependencies})),
  }
}

const idle: ReadonlySet<string> = new Set(['Failed', 'NotStarted', 'Stopped', 'Stopping'])

/** `Running`, or `Running changed`, by name; everything else is NotStarted or Pending. */
export function observed(
  definition: StackDefinition,
  states: Readonly<Record<string, ServiceState | TaskState | `${ServiceState} changed`>> = {},
): Observed {
  return {
    services: Object.fromEntries(
      Object.keys(definition.services).map((name) => {
        const [state = 'NotStarted', changed] = (states[name] ?? 'NotStarted').split(' ')
        const desired = idle.has(state) ? 'down' : 'up'
        return [name, {state: state as ServiceState, desired, failure: null, changed: changed !== undefined}]
      }),
    ),
    tasks: Object.fromEntries(
      Object.keys(definition.tasks).map((name) => [name, (states[name] ?? 'Pending') as TaskState]),
    ),
  }
}
