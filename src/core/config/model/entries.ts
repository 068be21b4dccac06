import type {Json, JsonObject} from '../../base/json.js'
import {formatSize} from '../../base/size.js'
import type {LogOptions} from '../../contract/log.js'
import type {
  CommandLine,
  DependencyDefinition,
  LayerDefinition,
  PortDefinition,
  RestartPolicy,
  RetryPolicy,
  ScheduleDefinition,
  ServiceDefinition,
  TargetDefinition,
  TaskDefinition,
  WatchDefinition,
} from '../../contract/stack.js'
import {escapeTemplate} from '../template.js'
import {probeEntry} from './probe-entry.js'
import {durationText, present, some} from './spelling.js'

/** A service in the long spelling. */
export function serviceEntry(service: ServiceDefinition): JsonObject {
  return present({
    service_type: service.serviceType,
    config: service.config,
    target: targetEntry(service.target),
    layers: layersEntry(service.layers),
    profiles: some(service.profiles),
    network: service.network,
    ...common(service),
    ports: some(service.ports.map(portEntry)),
    health_check: service.healthCheck && probeEntry(service.healthCheck),
    liveness: service.liveness && probeEntry(service.liveness),
    restart: service.restart && restartEntry(service.restart),
    stop_signal: service.stopSignal,
    stop_command: commandEntry(service.stopCommand),
    shutdown_timeout: durationText(service.graceMs),
    startup_timeout: durationText(service.startupTimeoutMs),
    min_uptime: durationText(service.minUptimeMs),
    on_start_timeout: service.onStartTimeout,
    success_exit_codes: service.successExitCodes,
    success_signals: some(service.successSignals),
    replicas: service.replicas,
    watch: some(service.watch.map(watchEntry)),
    logs: logsEntry(service.logs),
  })
}

/** A task. */
export function taskEntry(task: TaskDefinition): JsonObject {
  const isAction = typeof task.input['type'] === 'string'
  const input = Object.keys(task.input).length === 0 ? undefined : task.input
  return present({
    task_type: task.taskType,
    ...(isAction ? {action: input} : {config: input}),
    target: targetEntry(task.target),
    layers: layersEntry(task.layers),
    ...common(task),
    creates: task.creates,
    status: commandEntry(task.status),
    timeout: durationText(task.timeoutMs),
    retries: retriesEntry(task.retry),
    schedule: task.schedule && scheduleEntry(task.schedule),
    shutdown_timeout: durationText(task.graceMs),
    logs: logsEntry(task.logs),
  })
}

type Common = Pick<ServiceDefinition, 'dependencies' | 'env' | 'inheritEnv'>

function common({env, inheritEnv, dependencies}: Common): Readonly<Record<string, Json | undefined>> {
  return {
    env: Object.keys(env).length === 0 ? undefined : env,
    inherit_env: typeof inheritEnv === 'boolean' ? inheritEnv : inheritEnv.map(escapeTemplate),
    dependencies: some(dependencies.map(dependencyEntry)),
  }
}

function targetEntry(target: TargetDefinition | undefined): JsonObject | undefined {
  return target && {type: escapeTemplate(target.type), ...target.spec}
}

function layersEntry(layers: readonly LayerDefinition[] = []): readonly JsonObject[] | undefined {
  return some(layers.map(({type, spec}) => ({type: escapeTemplate(type), ...spec})))
}

function portEntry({name, port, container, protocol}: PortDefinition): JsonObject {
  return present({name, port, container, protocol})
}

function dependencyEntry({kind, name, condition, required, restart}: DependencyDefinition): JsonObject {
  return {[kind]: name, condition, required, restart}
}

function commandEntry(command: CommandLine | undefined): Json | undefined {
  return command && {program: command.program, args: command.args}
}

function restartEntry(restart: RestartPolicy): JsonObject {
  return present({
    policy: restart.policy,
    delay: durationText(restart.delayMs),
    factor: restart.factor,
    max_delay: durationText(restart.maxDelayMs),
    jitter: restart.jitter,
    max_attempts: restart.maxAttempts,
    window: durationText(restart.windowMs),
    reset_after: durationText(restart.resetAfterMs),
  })
}

function retriesEntry({retries, delayMs, factor, maxDelayMs, jitter}: RetryPolicy): JsonObject {
  return present({
    attempts: retries,
    delay: durationText(delayMs),
    factor,
    max_delay: durationText(maxDelayMs),
    jitter,
  })
}

function scheduleEntry(schedule: ScheduleDefinition): JsonObject {
  const {overlap} = schedule
  if ('cron' in schedule) return {cron: schedule.cron, timezone: schedule.timezone, overlap}
  return present({every: durationText(schedule.everyMs), overlap})
}

function watchEntry({paths, include, ignore, debounceMs, action}: WatchDefinition): JsonObject {
  return present({
    paths: paths.map(escapeTemplate),
    include: some(include.map(escapeTemplate)),
    ignore: some(ignore.map(escapeTemplate)),
    debounce: durationText(debounceMs),
    action: action.kind === 'restart' ? 'restart' : {task: action.task},
  })
}

function logsEntry({capture, merge, maxSize, keep}: LogOptions): JsonObject {
  return present({capture, merge, max_size: maxSize === undefined ? undefined : formatSize(maxSize), keep})
}
