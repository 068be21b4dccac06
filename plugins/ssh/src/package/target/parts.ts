import {createHash} from 'node:crypto'
import path from 'node:path'
import type {Executor, SavedHandle, StartRequest, WorkloadHandle} from '@service-harness/cli/plugin'
import type {RemoteSpec} from '../../remote/spec.js'
import type {RemoteState} from '../../remote/state.js'
import type {Shared} from '../../shared.js'
import type {PackageSpec} from './spec.js'
import type {Turns} from './turns.js'

export type Request = StartRequest<PackageSpec>
export type Handle = WorkloadHandle<RemoteState>
export type Saved = SavedHandle<RemoteState>

/** What a package is run with: programs on other machines, whatever they come from. */
export interface Parts {
  readonly shared: Shared
  readonly remote: Executor<RemoteSpec, RemoteState>
  /** Of the executor that its handles are saved for. */
  readonly kind: string
  readonly turns: Turns
}

/** The program of a package is one on another machine. */
export function remoteRequest(
  request: Request,
  program: Omit<RemoteSpec, 'host'>,
  env: Readonly<Record<string, string>> = request.env,
): StartRequest<RemoteSpec> {
  const {
    package: _,
    version: _version,
    install_path: _path,
    pre_install: _pre,
    post_install: _post,
    ...host
  } = request.spec
  return {...request, env, spec: {...host, ...program}}
}

/** As the host writes it down before the start. */
export function savedOf(request: Request, {remote, kind}: Parts): Saved {
  return {...remote.intent(remoteRequest(request, {binary: ''})), executor: kind}
}

/** The same attempt once more, beside itself: for the version that comes back in place of the one that it was for. */
export function besideRequest(request: Request): Request {
  const {instance, runDirectory} = besides(request)
  return {...request, instance, runDirectory}
}

export function besideState(state: RemoteState): RemoteState {
  return {...state, ...besides(state)}
}

/** Found again from what is known before the start. */
function besides({instance, runDirectory}: {readonly instance: string; readonly runDirectory: string}) {
  const hex = createHash('sha256').update(`back ${instance}`).digest('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)]
  return {instance: parts.join('-'), runDirectory: path.join(runDirectory, 'back')}
}
