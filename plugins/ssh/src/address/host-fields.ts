import {isIPv6} from 'node:net'

/** A machine as a stack file names it. What is left out comes from the configuration of OpenSSH. */
export interface HostFields {
  /** A name or an address; also a `Host` of the configuration. */
  readonly host: string
  /** @default that of the configuration, else the one who runs harness */
  readonly user?: string
  /** @default that of the configuration, else 22 */
  readonly port?: number
  /** A file with a private key: then no other key is tried. @default those of the agent and of the configuration */
  readonly key?: string
  /** Hosts on the way, `[user@]host[:port]`, the first one first: a list, or with commas between them. `none`: no other than the configuration says. */
  readonly jump?: string | readonly string[]
  /** Of a private key that is encrypted. Never shown. */
  readonly passphrase?: string
}

/** What is wrong with one field. */
export interface FieldProblem {
  readonly field: keyof HostFields
  /** In words, without a full stop. */
  readonly reason: string
}

/**
 * What is wrong with the way to a host; `undefined` when nothing is. Nothing that could be taken for an option, a command or a second word gets through,
 * whoever it is handed to later.
 */
export function checkHostFields(fields: HostFields): FieldProblem | undefined {
  const {host, user, port, key, jump} = fields
  const reasons: readonly (readonly [keyof HostFields, string | undefined])[] = [
    ['host', hostProblem(host)],
    ['user', user === undefined ? undefined : userProblem(user)],
    ['port', port === undefined ? undefined : portProblem(port)],
    ['key', key === undefined ? undefined : fileProblem(key)],
    ['jump', jumpProblem(jump)],
  ]
  for (const [field, reason] of reasons) if (reason !== undefined) return {field, reason}
  return undefined
}

/** `[user@]host[:port]`, also with `ssh://` before it. */
export function parseJump(text: string): HostFields {
  const rest = text.trim().replace(/^ssh:\/\//, '')
  const at = rest.lastIndexOf('@')
  const user = at < 0 ? {} : {user: rest.slice(0, at)}
  const place = rest.slice(at + 1)
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/s.exec(place) ?? []
  // An IPv6 address may stand without brackets where no port follows.
  if (isIPv6(place)) return {...user, host: place}
  const number = port === undefined ? {} : {port: /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN}
  return {...user, host: bracketed ?? plain ?? place, ...number}
}

/** The hosts on the way, first one first. `undefined`: not said. */
export function jumpList(jump: HostFields['jump']): readonly string[] | undefined {
  if (jump === undefined) return undefined
  const list = typeof jump === 'string' ? jump.split(',') : jump
  return list.length === 1 && list[0]?.trim().toLowerCase() === 'none' ? [] : list
}

function hostProblem(host: string): string | undefined {
  if (host === '') return 'it is empty, where a name or an address is expected'
  if (isIPv6(host.replace(/^\[(.*)\]$/s, '$1'))) return undefined
  if (host.startsWith('-')) return `${shown(host)} begins with '-': it could be taken for an option`
  if (host.length > 253) return `it has ${host.length} characters, where at most 253 are expected`
  const [odd] = /[^\p{L}\p{N}._-]/u.exec(host) ?? []
  if (odd === '@') return `${shown(host)} has an '@': name the user with 'user'`
  if (odd === ':') return `${shown(host)} has a ':': name the port with 'port'`
  return odd === undefined ? undefined : `${shown(host)} has ${shown(odd)}, which no name of a host has`
}

function userProblem(user: string): string | undefined {
  if (user === '') return 'it is empty, where a name is expected'
  if (user.startsWith('-')) return `${shown(user)} begins with '-': it could be taken for an option`
  const [odd] = /[\s\p{Cc}'"`;&<>|(){}$!*?#:/]|\\$/u.exec(user) ?? []
  return odd === undefined ? undefined : `${shown(user)} has ${shown(odd)}, which no name of a user has`
}

function portProblem(port: number): string | undefined {
  return Number.isInteger(port) && port >= 1 && port <= 65_535
    ? undefined
    : 'it is no port: a number from 1 to 65535 is expected'
}

function fileProblem(file: string): string | undefined {
  if (file.trim() === '') return 'it is empty, where the file of a private key is expected'
  return /\p{Cc}/u.test(file) ? `${shown(file)} has a control character` : undefined
}

function jumpProblem(jump: HostFields['jump']): string | undefined {
  for (const text of jumpList(jump) ?? []) {
    const {host, user, port} = parseJump(text)
    const reason =
      hostProblem(host) ??
      (user === undefined ? undefined : userProblem(user)) ??
      (port === undefined ? undefined : portProblem(port))
    if (reason !== undefined) return `in ${shown(text)}, ${reason}`
  }
  return undefined
}

/** Quoted, so that nothing in it is mistaken for anything else. */
function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (odd) => `\\u${odd.codePointAt(0)?.toString(16).padStart(4, '0') ?? ''}`,
  )
}
