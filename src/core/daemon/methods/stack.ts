import {stat} from 'node:fs/promises'
import path from 'node:path'
import {HarnessError, systemCode} from '../../base/errors.js'
import type {StackDefinition} from '../../contract/stack.js'
import type {ParamsOf} from '../../protocol/methods.js'
import type {Handlers} from '../../transport/connection.js'
import type {DaemonContext} from '../context.js'

type StackMethods = Pick<Handlers, 'stack.forget' | 'stack.list' | 'stack.load' | 'stack.loadFile'>

export function stackMethods({stacks, info}: DaemonContext): StackMethods {
  return {
    'stack.load': async ({definition}) => ({stack: (await stacks.load(definition)).id}),
    'stack.loadFile': async (where) => ({stack: (await stacks.load(await readFile(where))).id}),
    async 'stack.forget'({stack: reference}) {
      const stack = stacks.find(reference)
      await stacks.forget(stack)
      const {name, file} = stack.definition
      return {stack: stack.id, name, file}
    },
    'stack.list': () => ({stacks: info().stacks}),
  }
}

type Where = Pick<ParamsOf<'stack.loadFile'>, 'env' | 'environment' | 'file'>

/** The reader of stack files is loaded with the first one. */
async function readFile({file, env, environment}: Where): Promise<StackDefinition> {
  await requireFile(file)
  const {loadStack} = await import('../../config/load-stack.js')
  const {definition} = await loadStack({files: [file], cwd: path.dirname(file), env, environment})
  return definition
}

/** A pipe or a device may never end, and the daemon has other work. */
async function requireFile(file: string): Promise<void> {
  const reason = await stat(file).then(
    (found) => (found.isFile() ? undefined : 'it is no regular file'),
    (error: unknown) => (systemCode(error) === 'ENOENT' ? 'there is no such file' : systemCode(error)),
  )
  if (reason !== undefined) throw new HarnessError('CONFIG_NOT_FOUND', {subject: file, reason})
}
