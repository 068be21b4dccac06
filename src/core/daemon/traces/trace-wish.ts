type Variables = Readonly<Record<string, string | undefined>>

export type TraceProtocol = 'http/json' | 'http/protobuf'

/** What the standard variables say about spans. */
export type TraceWish =
  | {readonly kind: 'off'}
  /** They are wanted and cannot be had. */
  | {readonly kind: 'refused'; readonly reason: string; readonly hint: string}
  | {
      readonly kind: 'on'
      readonly protocol: TraceProtocol
      /** Of the address alone: the rest of it may hold a secret. */
      readonly collector: string
    }

interface Setting {
  readonly name: string
  readonly text: string
}

const usualProtocol: Setting = {name: 'OTEL_EXPORTER_OTLP_PROTOCOL', text: 'http/protobuf'}

/** Spans are wanted when an address for them, or for everything, is set, and nothing speaks against it. An empty variable is none. */
export function readTraceWish(env: Variables): TraceWish {
  const address = ofTraces(env, 'ENDPOINT')
  const exporters = (value(env, 'OTEL_TRACES_EXPORTER') ?? 'otlp').split(',').map((name) => name.trim())
  if (!address || isDisabled(env) || exporters.includes('none')) return {kind: 'off'}
  if (!exporters.includes('otlp')) {
    const reason = `OTEL_TRACES_EXPORTER is ${exporters.join(',')}`
    return {kind: 'refused', reason, hint: 'Set it to otlp, or to none.'}
  }
  const collector = httpOrigin(address.text)
  if (collector === undefined) {
    const hint = 'Write it as in http://localhost:4318.'
    return {kind: 'refused', reason: `${address.name} is no http:// or https:// address`, hint}
  }
  const protocol = ofTraces(env, 'PROTOCOL') ?? usualProtocol
  return isKnown(protocol.text) ? {kind: 'on', protocol: protocol.text, collector} : unknownProtocol(protocol)
}

function isDisabled(env: Variables): boolean {
  return value(env, 'OTEL_SDK_DISABLED')?.toLowerCase() === 'true'
}

function httpOrigin(address: string): string | undefined {
  const {protocol, origin} = URL.canParse(address) ? new URL(address) : {protocol: '', origin: ''}
  return protocol === 'http:' || protocol === 'https:' ? origin : undefined
}

function isKnown(protocol: string): protocol is TraceProtocol {
  return protocol === 'http/json' || protocol === 'http/protobuf'
}

function unknownProtocol({name, text}: Setting): TraceWish {
  const hint = `Set ${name} to http/protobuf or http/json, and the address to where the collector takes that, usually port 4318.`
  return {kind: 'refused', reason: `${name} is ${text}`, hint}
}

const headerVariable = /^OTEL_EXPORTER_OTLP_([A-Z]+_)?HEADERS$/
const addressVariable = /^OTEL_EXPORTER_OTLP_([A-Z]+_)?ENDPOINT$/
/** Other headers hold what may stand anywhere, such as the name of a tenant. */
const secretHeader = /auth|cookie|key|pass|secret|token/i

/** What must not be shown of the variables: the headers as a whole, those that let somebody in, and passwords within addresses. */
export function traceSecrets(env: Variables): readonly string[] {
  return Object.entries(env).flatMap(([name, text = '']) => {
    if (headerVariable.test(name)) return [text, ...text.split(',').flatMap(headerSecrets)]
    if (!addressVariable.test(name) || !URL.canParse(text)) return []
    const {password} = new URL(text)
    return password === '' ? [] : [password, decoded(password)]
  })
}

/** Without the headers for collectors, which are no business of any program that the daemon runs. */
export function withoutTraceSecrets(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !headerVariable.test(name)))
}

function headerSecrets(header: string): readonly string[] {
  const [name = '', text = ''] = header.split(/=(.*)/s).map((part) => part.trim())
  if (!secretHeader.test(name)) return []
  const plain = decoded(text)
  return [text, plain, plain.replace(/^(basic|bearer)\s+/i, '')]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** That for spans comes before that for everything. */
function ofTraces(env: Variables, what: string): Setting | undefined {
  for (const name of [`OTEL_EXPORTER_OTLP_TRACES_${what}`, `OTEL_EXPORTER_OTLP_${what}`]) {
    const text = value(env, name)
    if (text !== undefined) return {name, text}
  }
  return undefined
}

function value(env: Variables, name: string): string | undefined {
  const text = env[name]?.trim()
  return text === '' ? undefined : text
}
