import type {SavedHandle, StartRequest} from '@service-harness/cli/plugin'

export const kind = 'my-plugin'

/** Count it up whenever `State` changes its shape. */
export const handleVersion = 1

/** What a later daemon needs to know of a workload. It is written to disk: a type alias, because interfaces are no JSON. */
export type State = {
  readonly instance: string
  readonly runDirectory: string
}

export function saved({id, instance, runDirectory}: StartRequest): SavedHandle<State> {
  return {executor: kind, version: handleVersion, id, state: {instance, runDirectory}}
}
