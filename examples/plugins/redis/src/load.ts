import {readFile} from 'node:fs/promises'
import path from 'node:path'
import type {TaskContext, TaskType} from '@service-harness/cli/plugin'
import {ask, type Address} from './ask.js'

export interface LoadInput {
  /** The service that it goes into. */
  readonly service: string
  /** Lines `KEY VALUE`; a relative path starts at the folder of the stack file. */
  readonly file: string
}

interface Loaded {
  readonly loaded: number
}

/** `task_type: redis-load`: sets the keys of a file. */
export const redisLoad: TaskType<LoadInput, Loaded, {readonly key: string}> = {
  type: 'redis-load',
  summary: 'Loads keys from a file into a Redis.',
  input: {
    type: 'object',
    properties: {
      service: {type: 'string', description: 'The service that they go into.'},
      file: {type: 'string', description: 'Lines `KEY VALUE`.'},
    },
    required: ['service', 'file'],
    additionalProperties: false,
  },
  output: {
    type: 'object',
    properties: {loaded: {type: 'integer'}},
    required: ['loaded'],
    additionalProperties: false,
  },
  event: {type: 'object', properties: {key: {type: 'string'}}, required: ['key']},
  dependsOn: ({service}) => [{kind: 'service', name: service}],
  async isComplete(input, context) {
    const [[key] = []] = await pairsIn(input, context)
    return key === undefined || (await ask(addressOf(input, context), ['EXISTS', key], context.signal)) === 1
  },
  async run(input, context) {
    const pairs = await pairsIn(input, context)
    for (const [key, value] of pairs) {
      await ask(addressOf(input, context), ['SET', key, value], context.signal)
      context.emit({key})
    }
    return {loaded: pairs.length}
  },
}

function addressOf({service}: LoadInput, context: TaskContext<{readonly key: string}>): Address {
  const {hostname, port} = new URL(context.endpointOf(service, 'redis'))
  return {host: hostname, port: Number(port)}
}

async function pairsIn(
  {file}: LoadInput,
  {directory}: TaskContext<{readonly key: string}>,
): Promise<readonly (readonly [key: string, value: string])[]> {
  const lines = (await readFile(path.resolve(directory, file), 'utf8')).split('\n').filter((line) => line !== '')
  return lines.map((line, index) => {
    const [, key, value] = /^(\S+) (.*)$/.exec(line) ?? []
    if (key === undefined || value === undefined) throw new Error(`${file}:${index + 1}: expected KEY VALUE`)
    return [key, value]
  })
}
