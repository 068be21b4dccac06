import {mkdir} from 'node:fs/promises'
import type {ContainerInspectInfo} from 'dockerode'
import type {Executor, SavedHandle, StartContext, StartRequest, WorkloadHandle} from '@service-harness/cli/plugin'
import {createBody, gateway} from './create-body.js'
import {isMissing, isOurs, statusOf, wordsOf} from './engine/problem.js'
import {fingerprint} from './fingerprint.js'
import {openHandle} from './handle.js'
import {ensureImage} from './image/ensure.js'
import {attachments, containerName} from './names.js'
import {listNetworks} from './list-networks.js'
import {recoverContainer} from './recover.js'
import {remove} from './remove.js'
import {dockerSpecSchema, type DockerSpec} from './spec.js'
import type {Shared} from './shared.js'
import {startFile} from './start-file.js'
import {startProblem} from './start-problem.js'
import {dockerKind, handleVersion, runState, saved, type DockerState} from './state.js'
import {missingPath} from './volumes.js'

type Request = StartRequest<DockerSpec>

/** Runs containers so that they outlive the daemon. */
export function dockerExecutor(shared: Shared): Executor<DockerSpec, DockerState> {
  const {engine} = shared
  return {
    kind: dockerKind,
    capabilities: {exec: true, signal: true, recover: true, ownership: 'managed', local: false, hostPorts: true},
    specSchema: dockerSpecSchema,
    handleVersion,
    fingerprint: (signal) => fingerprint(engine, signal),
    intent,
    start: (request, context) => start(request, context, shared),
    recover: (handle) => recoverContainer(handle, shared),
    seat: (spec, of) => ({
      isolated: true,
      gateway,
      networks: Object.fromEntries(attachments(spec, of).map(({name}) => [name, of.service])),
      ...(engine.machine !== undefined && {host: engine.machine}),
    }),
    networks: () => listNetworks(shared),
  }
}

function intent({id, instance, runDirectory, logs}: Request): SavedHandle<DockerState> {
  return saved(id, {instance, ...runState({runDirectory, logs})})
}

async function start(request: Request, context: StartContext, shared: Shared): Promise<WorkloadHandle<DockerState>> {
  const {engine, services} = shared
  const {signal} = context
  await ensureImage({request, engine, services, context})
  signal.throwIfAborted()
  // `harness docker prune` removes containers that have none.
  await mkdir(request.runDirectory, {recursive: true, mode: 0o700})
  const container = await create(request, shared)
  try {
    signal.throwIfAborted()
    const info = await begin(container, request, shared)
    signal.throwIfAborted()
    await startFile.write(request.runDirectory, Date.parse(info.State.StartedAt))
    return await openHandle({id: request.id, state: intent(request).state, info, fresh: true}, shared)
  } catch (error) {
    await remove(container, request.stack, shared)
    throw isOurs(error) ? error : startProblem(error, request, services)
  }
}

async function create(request: Request, {engine, services}: Shared): Promise<string> {
  const name = containerName(request)
  // On another machine nobody but that machine could reach it there.
  const address = engine.machine === undefined ? '127.0.0.1' : '0.0.0.0'
  try {
    const missing = engine.machine === undefined && (await missingPath(request.spec, request.directory))
    if (missing) throw new Error(`bind source path does not exist: ${missing}`)
    return await engine.ask(async (docker) => {
      const {id} = await docker.createContainer({name, ...createBody(request, {address})})
      return id
    })
  } catch (error) {
    throw isOurs(error) ? error : startProblem(error, request, services)
  }
}

/** A network may be gone, or be there twice, by what others do with the engine. */
const tries = 3

async function begin(container: string, request: Request, {engine, networks}: Shared): Promise<ContainerInspectInfo> {
  const attached = attachments(request.spec, request)
  const beginning = async (): Promise<ContainerInspectInfo> =>
    await engine.ask(async (docker) => {
      for (const {name, aliases} of attached.slice(1)) {
        const EndpointConfig = {Aliases: [...aliases]}
        await docker
          .getNetwork(name)
          .connect({Container: container, EndpointConfig})
          .catch((error: unknown) => {
            if (statusOf(error) !== 403) throw error
          })
      }
      await docker.getContainer(container).start()
      return await docker.getContainer(container).inspect()
    })
  for (let left = tries; ; left -= 1) {
    try {
      return await networks.within(attached, request.stack, beginning)
    } catch (error) {
      if (left === 0 || !isOfNetworks(error)) throw error
      networks.forget(attached)
    }
  }
}

function isOfNetworks(error: unknown): boolean {
  return isMissing(error) || /network .* is ambiguous/.test(wordsOf(error))
}
