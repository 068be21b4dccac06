import type {Action, PluginServices, ServiceContext} from '@service-harness/cli/plugin'
import {stat} from 'node:fs/promises'
import path from 'node:path'
import {object} from '../../shared/object-schema.js'
import {clientOf} from '../client-of.js'
import type {Added, AddedFolder} from '../client.js'
import type {IpfsConfig} from '../config.js'
import {filesIn} from '../files-in.js'

export type AddInput = {readonly content: string} | {readonly path: string}

const hash = {type: 'string', description: 'Its CID.'}
const size = {type: 'integer', description: 'Of all its blocks, in bytes: somewhat more than the file has.'}

export function add(services: PluginServices): Action<ServiceContext<IpfsConfig>, AddInput, Added | AddedFolder> {
  return {
    summary: 'Adds a text, a file or a folder, and pins it.',
    input: object<AddInput>(
      {
        content: {type: 'string', description: 'A text, added as a file without a name.'},
        path: {
          type: 'string',
          minLength: 1,
          description:
            'A file or a folder; starts at the folder of the stack. Of a folder everything is added but what begins with a dot.',
        },
      },
      [],
    ),
    output: object<Added | AddedFolder>(
      {
        hash,
        size,
        files: {
          type: 'array',
          description: 'Where a folder was added: its files.',
          items: object({path: {type: 'string', description: 'Below the folder.'}, hash, size}),
        },
      },
      ['hash', 'size'],
    ),
    async run(input, context) {
      const client = clientOf(context, services)
      if ('content' in input === 'path' in input) throw ambiguous(services)
      if ('content' in input) return client.addFile('content', Buffer.from(input.content))
      const file = path.resolve(context.directory, input.path)
      const found = await stat(file).catch((error: unknown) => {
        throw unreadable(services, input.path, error)
      })
      if (found.isFile()) return client.addFile(path.basename(file), {file})
      const parts = await filesIn(file).catch((error: unknown) => {
        throw unreadable(services, input.path, error)
      })
      return client.addFolder(parts)
    },
  }
}

/** A schema can say this too, but not in words. */
function ambiguous(services: PluginServices): Error {
  return services.error('ACTION_FAILED', {
    subject: 'ipfs add',
    reason: "it takes either 'content' or 'path'",
    hint: 'Say `--param path=FILE`, or `--param content=TEXT`.',
  })
}

function unreadable(services: PluginServices, subject: string, error: unknown): Error {
  const {code, message} = error as NodeJS.ErrnoException
  return services.error('ACTION_FAILED', {
    subject,
    reason: code === 'ENOENT' ? `there is no file or folder ${subject}` : message,
    hint: 'Paths start at the folder of the stack.',
    cause: error,
  })
}
