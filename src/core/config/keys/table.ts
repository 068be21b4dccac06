import type {Json} from '../../base/json.js'
import type {KeyOf, MapName} from './names.js'
import type {Rule} from './rules.js'
import type {Shape} from './shapes.js'

/** One key of a map, for people and for the schema. */
export interface KeyEntry {
  /** One or two sentences: what it means, its unit, and a default that is no value of its own. */
  readonly description: string
  readonly value: Shape
  /** What holds when it is left out. */
  readonly default?: Json
  readonly example: Json
  /** The map means nothing without it. */
  readonly required?: true
}

/** A map of the stack file. */
export interface AnyTable {
  /** A heading of the reference. */
  readonly title: string
  /** A sentence or two below it. */
  readonly about: string
  readonly keys: Readonly<Record<string, KeyEntry>>
  /** What holds between the keys. Does not count where a part is enough: in overrides, templates and environments. */
  readonly rules?: readonly Rule[]
}

/** All keys of one map. The type ties them to the names that the readers know: one too few is not compiled. */
export interface MapTable<Map extends MapName> extends AnyTable {
  readonly keys: Readonly<Record<KeyOf<Map>, KeyEntry>>
}
