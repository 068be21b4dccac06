import {createHash, randomUUID} from 'node:crypto'

/** Names of stacks, services and tasks, in YAML and on the wire. */
export const namePattern = '^[a-z0-9][a-z0-9_-]{0,62}$'
const name = new RegExp(namePattern)
/** A package of npm, perhaps with a version: nothing that a command could take for an option or a second word. */
export const packagePattern =
  '^(@[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._-]*(@[A-Za-z0-9^~<>=*][A-Za-z0-9^~<>=.*+-]*)?$'

export function isName(value: unknown): value is string {
  return typeof value === 'string' && name.test(value)
}

/** Turns any text (a folder's name) into a valid name. */
export function toName(text: string): string {
  const candidate = text
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+/, '')
    .slice(0, 63)
  return isName(candidate) ? candidate : 'stack'
}

/** A fresh random identity. */
export function newId(): string {
  return randomUUID()
}

/** A short fingerprint of a text: 8 hexadecimal digits. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
