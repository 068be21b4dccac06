import type {ContainerInspectInfo} from 'dockerode'
import {isMissing, statusOf, wordsOf} from '../engine/problem.js'
import {isRunning} from '../run-of.js'
import type {Shared} from '../shared.js'
import type {AttachSpec} from './spec.js'

/** Finds the one container that a spec means. SERVICE_START_FAILED with why there is none, or too many; EXECUTOR_UNAVAILABLE while the engine is away. */
export async function findContainer(spec: AttachSpec, service: string, shared: Shared): Promise<ContainerInspectInfo> {
  const found = 'container' in spec ? await byName(spec.container, shared) : await byLabel(spec.label, shared)
  if ('Id' in found) return found
  throw shared.services.error('SERVICE_START_FAILED', {subject: service, ...found})
}

interface NotFound {
  readonly reason: string
  readonly hint: string
}

async function byName(name: string, {engine}: Shared): Promise<ContainerInspectInfo | NotFound> {
  try {
    const info = await engine.ask((docker) => docker.getContainer(encodeURIComponent(name)).inspect())
    if (isRunning(info)) return info
    return {
      reason: `the container '${name}' does not run: ${whyNot(info)}`,
      hint: `Start it with \`docker start ${name}\`, or correct 'container' in the stack file.`,
    }
  } catch (error) {
    if (statusOf(error) === undefined) throw error
    return {
      reason: isMissing(error) ? `there is no container '${name}'` : `the container '${name}': ${wordsOf(error)}`,
      hint: "`docker ps` shows those that run: start it first, or correct 'container' in the stack file.",
    }
  }
}

function whyNot({State}: ContainerInspectInfo): string {
  if (State.Status === 'created') return 'it was never started'
  const exit = `it has ended with exit code ${State.ExitCode}`
  return State.Restarting ? `${exit}, and is about to be restarted` : exit
}

async function byLabel(label: string, shared: Shared): Promise<ContainerInspectInfo | NotFound> {
  const found = await shared.engine.ask((docker) => docker.listContainers({all: true, filters: {label: [label]}}))
  const going = found.filter(({State}) => State === 'running' || State === 'paused')
  const [one, ...others] = going
  if (one && others.length === 0) return await byName(one.Id, shared)
  if (one) {
    return {
      reason: `${going.length} containers that run have the label '${label}', where one is expected: ${namesOf(going)}`,
      hint: "Write a label that only one of them has, or name it by 'container', in the stack file.",
    }
  }
  const asleep = found.length === 0 ? '' : `; it is that of ${namesOf(found)}, and none of them runs`
  return {
    reason: `no container that runs has the label '${label}'${asleep}`,
    hint: `\`docker ps --all --filter label=${label}\` shows those that have it: start one first, or correct 'label' in the stack file.`,
  }
}

function namesOf(containers: readonly {readonly Id: string; readonly Names: readonly string[]}[]): string {
  return containers
    .map(({Id, Names: [name = Id]}) => name.replace(/^\//, ''))
    .sort()
    .join(', ')
}
