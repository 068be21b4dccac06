import type {SavedHandle, StartRequest} from '@service-harness/cli/plugin'

export const dockerKind = 'docker'
export const handleVersion = 1

/** Where an attempt keeps what it knows of its container: its output, and how it ended. */
export type RunState = {
  readonly runDirectory: string
  readonly logs: {readonly merge: boolean; readonly maxSize?: number; readonly keep?: number}
}

/** What a later daemon finds the container by: the label, never the name alone. */
export type DockerState = RunState & {
  readonly instance: string
}

export function runState({runDirectory, logs}: Pick<StartRequest, 'logs' | 'runDirectory'>): RunState {
  const {merge, maxSize, keep} = logs
  const limits = {...(maxSize !== undefined && {maxSize}), ...(keep !== undefined && {keep})}
  return {runDirectory, logs: {merge, ...limits}}
}

export function saved(id: string, state: DockerState): SavedHandle<DockerState> {
  return {executor: dockerKind, version: handleVersion, id, state}
}

/** `<stack>/<service>/<attempt>` */
export function partsOf(id: string): {readonly stack: string; readonly service: string} {
  const [stack = '', service = ''] = id.split('/')
  return {stack, service}
}
