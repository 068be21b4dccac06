import type {SavedHandle} from '../../contract/workload.js'

/** What a later daemon needs; the rest stands in the run directory. */
export type ProcessState = {
  readonly runDirectory: string
  readonly instance: string
  /** Where these are not the default. */
  readonly logs?: {readonly maxSize: number; readonly keep: number}
}

export const processKind = 'process'
export const processHandleVersion = 1

export function saved(id: string, state: ProcessState): SavedHandle<ProcessState> {
  return {executor: processKind, version: processHandleVersion, id, state}
}

/** The service that a handle's id names: `<stack>/<service>/<attempt>`. */
export function serviceOf(id: string): string {
  return id.split('/').at(-2) ?? id
}
