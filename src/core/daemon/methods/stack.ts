import {stat} from 'node:fs/promises'
import path from 'node:path'
import {HarnessError, systemCode} from '../../base/errors.js'
import type {Handlers} from '../../transport/connection.js'
import type {DaemonContext} from '../context.js'

type StackMethods = Pick<Handlers, 'stack.forget' | 'stack.list' | 'stack.load' | 'stack.loadFile'>

export function stackMethods({stacks, info, readStackFile}: DaemonContext): StackMethods {
  return {
    'stack.load': async ({definition}) => ({stack: (await stacks.load(definition)).id}),
    'stack.loadFile': async ({file, env, environment}) => {
      await requireFile(file)
      const definition = await readStackFile({files: [file], cwd: path.dirname(file), env, environment})
      return {stack: (await stacks.load(definition)).id}
    },
    async 'stack.forget'({stack: reference}) {
      const stack = stacks.find(reference)
      await stacks.forget(stack)
      const {name, file} = stack.definition
      return {stack: stack.id, name, file}
    },
    'stack.list': () => ({stacks: info().stacks}),
  }
}

/** A pipe or a device may never end, and the daemon has other work. */
async function requireFile(file: string): Promise<void> {
  const reason = await stat(file).then(
    (found) => (found.isFile() ? undefined : 'it is no regular file'),
    (error: unknown) => (systemCode(error) === 'ENOENT' ? 'there is no such file' : systemCode(error)),
  )
  if (reason !== undefined) throw new HarnessError('CONFIG_NOT_FOUND', {subject: file, reason})
}
