import type {Log} from './log.js'

/** Takes the values of secrets out of what leaves a process. */
export interface Redactor {
  /** From now on these are masked, also within a longer text, and as JSON and URLs write them. */
  know(secrets: readonly string[]): void
  /** The text with `***` in the place of each secret. */
  text(text: string): string
  /** For `JSON.stringify`; missing while no secret is known. */
  readonly replacer: ((key: string, value: unknown) => unknown) | undefined
}

/** What would be found everywhere cannot be masked: shorter values and shorter lines of a value are left. */
export const shortestSecret = 4

const mask = '***'

/** Under these keys stand words of the protocol and names that people gave in the open. A password that equals one of them is not found out by it. */
const open = new Set([
  'action',
  'code',
  'desired',
  'epoch',
  'file',
  'health',
  'jsonrpc',
  'kind',
  'method',
  'name',
  'phase',
  'protocol',
  'requestId',
  'service',
  'stack',
  'state',
  'stream',
  'task',
  'time',
  'topic',
  'type',
])

/** Under these stands what programs, plugins and stack files made up: there such a key may hold anything, and be anything itself. */
const made = new Set(['config', 'details', 'env', 'event', 'input', 'output', 'outputs', 'spec'])

/** `isOpen`: a whole text that is no secret even where one is equal to it, such as the name of a service. */
export function createRedactor(isOpen: (text: string) => boolean = () => false): Redactor {
  const known = new Set<string>()
  let pattern: RegExp | undefined
  const redact = (text: string): string => {
    if (pattern === undefined) return text
    return known.has(text) && isOpen(text) ? text : text.replace(pattern, mask)
  }
  const replace = (key: string, value: unknown): unknown => {
    if (typeof value === 'string') return open.has(key) ? value : redact(value)
    return made.has(key) ? redactWhole(value, redact) : value
  }
  return {
    know(secrets) {
      const before = known.size
      for (const spelling of secrets.flatMap(spellings)) known.add(spelling)
      if (known.size > before) pattern = patternOf(known)
    },
    text: redact,
    get replacer() {
      return pattern && replace
    },
  }
}

/** A log that masks what it is given. */
export function redactLog(log: Log, redactor: Redactor): Log {
  const fieldsOf = (fields: object | undefined): object | undefined => {
    const {replacer} = redactor
    return fields && replacer ? (JSON.parse(JSON.stringify(fields, replacer)) as object) : fields
  }
  const at = (level: 'debug' | 'error' | 'info' | 'warn') => (message: string, fields?: object) => {
    log[level](redactor.text(message), fieldsOf(fields))
  }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => redactLog(log.with(fieldsOf(fields) ?? {}), redactor),
  }
}

/** The same value with each text in it, and each key, by the function. */
function redactWhole(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((each: unknown) => redactWhole(each, redact))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [redact(key), redactWhole(each, redact)]))
}

/** As it is, line by line, within JSON, and within a URL. */
function spellings(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim())
  const all = [secret, ...lines].flatMap((text) => [text, JSON.stringify(text).slice(1, -1), ...encodings(text)])
  return [...new Set(all)].filter((text) => text.length >= shortestSecret)
}

/** As a part of a URL, as a form, and as what writes a URL leaves it in a name, a path and a query. */
function encodings(text: string): readonly string[] {
  const url = new URL('http://localhost')
  url.password = text
  url.pathname = text
  url.search = text
  const all = [encoded(text), new URLSearchParams([['', text]]).toString().slice(1)]
  return [...all, url.password, url.pathname.slice(1), url.search.slice(1)]
}

/** Half of a pair of surrogates has no form in a URL. */
function encoded(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    return text
  }
}

/** The longest first: of two that begin alike the whole is masked. */
function patternOf(known: ReadonlySet<string>): RegExp {
  const sorted = [...known].sort((a, b) => b.length - a.length)
  return new RegExp(sorted.map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g')
}
