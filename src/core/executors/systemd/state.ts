import type {StartRequest} from '../../contract/executor.js'
import type {SavedHandle} from '../../contract/workload.js'
import {usualLimits} from '../../process/log/retention.js'
import {defaultScope, type Scope} from './scope.js'
import type {SystemdSpec} from './spec.js'
import {fullUnitName, transientUnitName} from './unit-name.js'

/** What a later daemon needs; the rest stands in the run directory. */
export type SystemdState = {
  readonly runDirectory: string
  readonly instance: string
  readonly unit: string
  readonly scope: Scope
  /** Made by harness for this attempt alone, as opposed to one that was there before. */
  readonly transient: boolean
  /** systemd keeps it once it has failed: it may have walls behind which its end cannot be written down. */
  readonly kept?: true
  /** Where both streams are one. */
  readonly merge?: true
  /** Where these are not the default. */
  readonly logs?: {readonly maxSize: number; readonly keep: number}
}

export const systemdKind = 'systemd'
export const systemdHandleVersion = 1

export function stateOf(request: StartRequest<SystemdSpec>): SystemdState {
  const {spec, instance} = request
  return {
    ...commonState(request),
    unit: spec.unit === undefined ? transientUnitName(request) : fullUnitName(spec.unit),
    scope: spec.scope ?? defaultScope(),
    transient: spec.unit === undefined,
    ...(Object.keys(spec.properties ?? {}).length > 0 && {kept: true}),
    instance,
  }
}

/** What is remembered of every request. */
export function commonState({
  runDirectory,
  logs,
}: Pick<StartRequest, 'logs' | 'runDirectory'>): Pick<SystemdState, 'logs' | 'merge' | 'runDirectory'> {
  const {maxSize = usualLimits.maxSize, keep = usualLimits.keep, merge} = logs
  const usual = maxSize === usualLimits.maxSize && keep === usualLimits.keep
  return {runDirectory, ...(merge && {merge}), ...(!usual && {logs: {maxSize, keep}})}
}

export function saved(id: string, state: SystemdState): SavedHandle<SystemdState> {
  return {executor: systemdKind, version: systemdHandleVersion, id, state}
}

/** The service that a handle's id names: `<stack>/<service>/<attempt>`. */
export function serviceOf(id: string): string {
  return id.split('/').at(-2) ?? id
}
