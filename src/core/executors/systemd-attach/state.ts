import type {StartRequest} from '../../contract/executor.js'
import type {SavedHandle} from '../../contract/workload.js'
import {defaultScope} from '../systemd/scope.js'
import {commonState, type SystemdState} from '../systemd/state.js'
import {fullUnitName} from '../systemd/unit-name.js'
import type {AttachedUnitSpec} from './spec.js'

export const attachedUnitKind = 'systemd-attach'
export const attachedUnitHandleVersion = 1

export function attachedState(request: StartRequest<AttachedUnitSpec>): SystemdState {
  const {spec, instance} = request
  const scope = spec.scope ?? defaultScope()
  return {...commonState(request), unit: fullUnitName(spec.unit), scope, transient: false, instance}
}

export function savedAttached(id: string, state: SystemdState): SavedHandle<SystemdState> {
  return {executor: attachedUnitKind, version: attachedUnitHandleVersion, id, state}
}
