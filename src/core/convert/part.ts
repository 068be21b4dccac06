import {isJsonObject} from '../base/json.js'
import type {Notes} from './notes.js'
import {describe, type Value, type ValueMap} from './parse-source.js'
import {unreadable} from './unreadable.js'

interface At {
  readonly file: string
  readonly path: string
  readonly notes: Notes
  /** The service or task that notes are about. */
  readonly about?: string
}

/** A map of a foreign file. It knows what it was asked for: what is left has no equivalent. Wrong values are CONFIG_INVALID. */
export class Part {
  private readonly asked = new Set<string>()

  constructor(
    readonly values: ValueMap,
    readonly at: At,
  ) {}

  get keys(): readonly string[] {
    return Object.keys(this.values)
  }

  /** `null` counts as missing. */
  value(key: string): Value | undefined {
    this.asked.add(key)
    return Object.hasOwn(this.values, key) ? (this.values[key] ?? undefined) : undefined
  }

  text(key: string): string | undefined {
    const value = this.value(key)
    return value === undefined ? undefined : this.textOf(value, key)
  }

  flag(key: string): boolean {
    const value = this.value(key)
    if (value === undefined || value === false || value === 'false') return false
    return value === true || value === 'true' || this.wrong(key, 'true or false', value)
  }

  number(key: string): number | undefined {
    const text = this.text(key)
    if (text === undefined) return undefined
    return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : this.wrong(key, 'a number', text)
  }

  list(key: string): readonly Value[] {
    const value = this.value(key)
    if (value === undefined) return []
    return Array.isArray(value) ? (value as readonly Value[]) : this.wrong(key, 'a list', value)
  }

  texts(key: string): readonly string[] {
    return this.list(key).map((item, index) => this.textOf(item, `${key}[${index}]`))
  }

  /** A text, or a list of them. */
  oneOrMore(key: string): readonly string[] {
    return Array.isArray(this.value(key)) ? this.texts(key) : [this.text(key)].flatMap((text) => text ?? [])
  }

  part(key: string): Part | undefined {
    const value = this.value(key)
    return value === undefined ? undefined : this.partOf(value, key)
  }

  /** The maps under the keys of a map. A key without a value is an empty map. */
  parts(key: string): readonly (readonly [name: string, part: Part])[] {
    const all = this.part(key)
    return all?.keys.map((name) => [name, all.partOf(all.value(name) ?? {}, name)] as const) ?? []
  }

  partOf(value: Value, key: string): Part {
    return isJsonObject(value)
      ? new Part(value, {...this.at, path: this.pathOf(stepOf(key))})
      : this.wrong(key, 'a map', value)
  }

  textOf(value: Value, key: string): string {
    if (typeof value === 'string') return value
    return typeof value === 'boolean' ? String(value) : this.wrong(key, 'a text', value)
  }

  /** The same part, with notes about this service or task. */
  about(name: string): Part {
    return new Part(this.values, {...this.at, about: name})
  }

  note(key: string, message: string): void {
    this.at.notes.add(this.pathOf(key), message, this.at.about)
  }

  /** Notes every key that nobody has asked for, but `x-…`. */
  leftOvers(reasons: Readonly<Record<string, string>> = {}): void {
    for (const key of this.keys) {
      if (this.asked.has(key) || key.startsWith('x-') || this.values[key] === null) continue
      const reason = Object.hasOwn(reasons, key) ? reasons[key] : 'has no equivalent'
      if (reason !== undefined && reason !== '') this.note(stepOf(key), reason)
    }
  }

  wrong(key: string, expected: string, got: Value | undefined): never {
    throw unreadable(this.at.file, `${this.pathOf(key)} must be ${expected}, got ${describe(got)}`)
  }

  /** `key` may be several steps: `exec.command`. Empty: the part itself. */
  private pathOf(key: string): string {
    return [this.at.path, key].filter((each) => each !== '').join('.')
  }
}

/** A key of the file as a step of a path. */
function stepOf(key: string): string {
  return /^[\w-]*(\[\d+\])?$/.test(key) ? key : JSON.stringify(key)
}
