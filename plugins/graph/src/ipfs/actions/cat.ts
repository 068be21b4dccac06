import type {Action, PluginServices, ServiceContext} from '@service-harness/cli/plugin'
import {isUtf8} from 'node:buffer'
import {object} from '../../shared/object-schema.js'
import {cidPathSchema} from '../cid-patterns.js'
import {clientOf} from '../client-of.js'
import type {IpfsConfig} from '../config.js'

export interface CatInput {
  readonly hash: string
  readonly max_bytes?: number
}

export interface CatOutput {
  readonly content: string
  readonly encoding: 'base64' | 'utf8'
  readonly size: number
}

/** What arrives over a network may have 1 MiB, with base64 and all that stands around it. */
const [usual, most] = [512 * 1024, 8 * 1024 * 1024]

export function cat(services: PluginServices): Action<ServiceContext<IpfsConfig>, CatInput, CatOutput> {
  return {
    summary: 'Reads a file.',
    input: object<CatInput>(
      {
        hash: cidPathSchema,
        max_bytes: {
          type: 'integer',
          minimum: 1,
          maximum: most,
          default: usual,
          description: 'A larger file is an error.',
        },
      },
      ['hash'],
    ),
    output: object<CatOutput>({
      content: {type: 'string', description: 'The text; in base64 where it is no UTF-8.'},
      encoding: {enum: ['utf8', 'base64'], description: 'How the bytes stand in `content`.'},
      size: {type: 'integer', description: 'How many bytes the file has.'},
    }),
    async run({hash, max_bytes = usual}, context) {
      const bytes = await clientOf(context, services).cat(hash, {maxBytes: max_bytes})
      const encoding = isUtf8(bytes) ? 'utf8' : 'base64'
      return {content: bytes.toString(encoding), encoding, size: bytes.length}
    },
  }
}
