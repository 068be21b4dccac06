import type {JsonObject} from '../base/json.js'

/** Something of the foreign file that is not the same afterwards, or not there. */
export interface Note {
  /** Where it stands in the foreign file: `processes.api.is_tty`. */
  readonly path: string
  /** A sentence without a full stop: what it is, and what to do. */
  readonly message: string
  /** The service or task that it is a comment of. Missing: of the whole file. */
  readonly about?: string
}

/** What a foreign file says, in the words of a stack file. */
export interface Converted {
  /** `name`, `env`, `secrets`, …: what stands above the services. */
  readonly top: JsonObject
  readonly services: Readonly<Record<string, JsonObject>>
  readonly tasks: Readonly<Record<string, JsonObject>>
  readonly notes: readonly Note[]
  /** The service whose end ends all, and whose exit code is the command's. */
  readonly exitCodeFrom?: string
}

/** Where a foreign file stands, as seen from the stack file that it becomes. */
export interface Origin {
  /** As people are told. */
  readonly file: string
  /** What its relative paths start from, as a relative path from the folder of the stack file. Empty: the same folder. */
  readonly base: string
}
