import type {Executor} from '@service-harness/cli/plugin'
import {remoteExecutor} from '../../remote/executor.js'
import {seatOf} from '../../remote/host-schema.js'
import type {RemoteSpec} from '../../remote/spec.js'
import type {RemoteState} from '../../remote/state.js'
import type {Shared} from '../../shared.js'
import {savedOf, type Parts} from './parts.js'
import {recoverPackage} from './recover.js'
import {packageSpecSchema, type PackageSpec} from './spec.js'
import {startPackage} from './start.js'
import type {Turns} from './turns.js'

interface PackageOptions {
  /** Shared by all who install something. */
  readonly turns: Turns
  /** What its handles are saved as. @default 'package' */
  readonly kind?: string
}

/** Installs programs on other machines, and runs them there. */
export function packageExecutor(
  shared: Shared,
  {turns, kind = 'package'}: PackageOptions,
): Executor<PackageSpec, RemoteState> {
  const remote: Omit<Executor<RemoteSpec, RemoteState>, 'whyNotInLayers'> = remoteExecutor(shared)
  const parts: Parts = {shared, remote, kind, turns}
  return {
    ...remote,
    kind,
    specSchema: packageSpecSchema,
    intent: (request) => savedOf(request, parts),
    start: (request, context) => startPackage(request, context, parts),
    recover: (saved, signal) => recoverPackage(saved, parts, signal),
    seat: seatOf,
  }
}
