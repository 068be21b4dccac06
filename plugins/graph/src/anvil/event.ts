import type {ProcessEvent} from '@service-harness/cli/plugin'
import {object} from '../shared/object-schema.js'

/** What Anvil prints of its life. The number and the hash of a block stand on two lines, and are two events. */
export type AnvilEvent =
  | {readonly what: 'block-hash'; readonly hash: string}
  | {readonly what: 'block'; readonly number: number}
  | {readonly what: 'listening'; readonly address: string}
  | {readonly what: 'transaction'; readonly hash: string}

const hash = {type: 'string', pattern: '^0x[0-9a-f]{64}$'} as const

export const event = {
  description: 'What Anvil has printed. The number and the hash of a mined block are two events, in this order.',
  oneOf: [
    object({what: {const: 'listening'}, address: {type: 'string', description: 'Where it listens, `HOST:PORT`.'}}),
    object({what: {const: 'block'}, number: {type: 'integer', description: 'The number of a block that was mined.'}}),
    object({what: {const: 'block-hash'}, hash: {...hash, description: 'The hash of that block.'}}),
    object({what: {const: 'transaction'}, hash: {...hash, description: 'A transaction that was mined.'}}),
  ],
} as const

export function processEvent(event: ProcessEvent): AnvilEvent | undefined {
  if (event.kind !== 'line') return undefined
  const [, word, value] = /^ *(Block Number|Block Hash|Transaction|Listening on):? (\S+)$/.exec(event.text) ?? []
  if (value === undefined) return undefined
  if (word === 'Listening on') return {what: 'listening', address: value}
  if (word === 'Block Number') return {what: 'block', number: Number(value)}
  return {what: word === 'Block Hash' ? 'block-hash' : 'transaction', hash: value}
}
