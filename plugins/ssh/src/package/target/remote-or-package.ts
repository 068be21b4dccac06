import type {Executor, JsonSchema, StartRequest} from '@service-harness/cli/plugin'
import {remoteExecutor} from '../../remote/executor.js'
import {seatOf} from '../../remote/host-schema.js'
import {remoteSpecSchema, type RemoteSpec} from '../../remote/spec.js'
import type {RemoteState} from '../../remote/state.js'
import type {Shared} from '../../shared.js'
import {packageExecutor} from './executor.js'
import {packageProperties, type PackageSpec} from './spec.js'
import type {Turns} from './turns.js'

type Spec = PackageSpec | RemoteSpec

/** `type: remote`: a program that is there, or with `package` one that is installed first. */
export function remoteOrPackage(shared: Shared, turns: Turns): Executor<Spec, RemoteState> {
  const remote = remoteExecutor(shared)
  const installed = packageExecutor(shared, {turns, kind: remote.kind})
  return {
    ...remote,
    specSchema,
    intent: (request) => (isPackage(request) ? installed.intent(request) : remote.intent(request as Remote)),
    start: (request, context) =>
      isPackage(request) ? installed.start(request, context) : remote.start(request as Remote, context),
    // What was begun without a package is found in the same way.
    recover: (saved, signal) => installed.recover(saved, signal),
    seat: seatOf,
  }
}

type Remote = StartRequest<RemoteSpec>

function isPackage(request: StartRequest<Spec>): request is StartRequest<PackageSpec> {
  return 'package' in request.spec
}

interface ObjectSchema {
  readonly properties: Readonly<Record<string, object>>
}

const {required: _, ...plain} = remoteSpecSchema as unknown as ObjectSchema & {readonly required: unknown}

/** Of no use without a package. */
const installing = Object.keys(packageProperties).filter((name) => name !== 'package')

const specSchema = {
  ...plain,
  description: 'A program on another machine, over SSH; with `package` it is installed there first.',
  properties: {...plain.properties, ...packageProperties},
  required: ['host'],
  if: {not: {required: ['package']}},
  then: {required: ['binary'], errorMessage: "must have 'binary' or 'package'"},
  dependentRequired: Object.fromEntries(installing.map((name) => [name, ['package']])),
} as unknown as JsonSchema<Spec>
