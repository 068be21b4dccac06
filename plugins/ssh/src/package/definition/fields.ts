import {PackageProblem} from '../problem.js'

/** A value of a file, and where it stands. Each reader answers `undefined` for what is not there and throws for what is wrong. */
export class Field {
  constructor(
    private readonly file: string,
    /** Dotted, for people. */
    readonly place: string,
    readonly value: unknown,
  ) {}

  get isThere(): boolean {
    return this.value !== undefined && this.value !== null
  }

  /** Of a map with these keys and no others. */
  keys<Key extends string>(...known: readonly Key[]): (key: Key) => Field {
    const map = this.map()
    const stranger = Object.keys(map).find((key) => !(known as readonly string[]).includes(key))
    if (stranger !== undefined) {
      const which = this.place === '' ? 'the file' : `'${this.place}'`
      throw this.problem(`${which} has no key '${stranger}'; it has ${known.join(', ')}`)
    }
    return (key) => this.at(key)
  }

  at(key: string): Field {
    return new Field(this.file, this.place === '' ? key : `${this.place}.${key}`, this.map()[key])
  }

  text(what = 'a text'): string | undefined {
    if (!this.isThere) return undefined
    if (typeof this.value === 'string' && this.value !== '') return this.value
    throw this.expected(what)
  }

  /** Also a number or a boolean, as it is written. */
  scalar(what = 'a text'): string | undefined {
    return typeof this.value === 'number' || typeof this.value === 'boolean' ? String(this.value) : this.text(what)
  }

  texts(what = 'a list of texts'): readonly string[] | undefined {
    if (!this.isThere) return undefined
    if (!Array.isArray(this.value)) throw this.expected(what)
    return this.value.map((each, index) => {
      const text = new Field(this.file, `${this.place}[${index}]`, each).scalar()
      return text ?? ''
    })
  }

  /** Texts by name. */
  named(what = 'a map of texts'): Readonly<Record<string, string>> | undefined {
    if (!this.isThere) return undefined
    if (!isMap(this.value)) throw this.expected(what)
    return Object.fromEntries(Object.keys(this.value).map((key) => [key, this.at(key).scalar() ?? '']))
  }

  whole(least: number): number | undefined {
    if (!this.isThere) return undefined
    if (typeof this.value === 'number' && Number.isInteger(this.value) && this.value >= least) return this.value
    throw this.expected(`a whole number, at least ${least}`)
  }

  /** In whole milliseconds, at least one. A number is seconds. */
  duration(): number | undefined {
    if (!this.isThere) return undefined
    const ms = durationMs(this.value)
    if (ms === undefined) throw this.expected('a duration, like 5s, 250ms or 1m30s')
    if (ms < 1) throw this.expected('at least 1ms')
    return Math.round(ms)
  }

  needed<T>(value: T | undefined, what: string): T {
    if (value !== undefined) return value
    throw this.problem(`'${this.place}' is missing: ${what}`)
  }

  expected(what: string): PackageProblem {
    return this.problem(`'${this.place}' must be ${what}, and is ${shown(this.value)}`)
  }

  problem(reason: string): PackageProblem {
    return new PackageProblem(this.file, reason, 'Correct it, and build the package again.')
  }

  private map(): Readonly<Record<string, unknown>> {
    if (isMap(this.value)) return this.value
    throw this.place === '' ? this.problem('it must be a map of keys') : this.expected('a map')
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  const text = (JSON.stringify(value) as string | undefined) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

const unitMs: Readonly<Record<string, number>> = {ms: 1, s: 1000, m: 60_000, h: 3_600_000}
const dayMs = 86_400_000

function durationMs(value: unknown): number | undefined {
  if (typeof value === 'number') return inRange(value * 1000)
  if (typeof value !== 'string' || !/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(value)) return undefined
  let total = 0
  for (const [, amount, unit = ''] of value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
    total += Number(amount) * (unitMs[unit] ?? Number.NaN)
  return inRange(total)
}

function inRange(ms: number): number | undefined {
  return Number.isFinite(ms) && ms >= 0 && ms <= dayMs ? ms : undefined
}
