import type {ParamsOf} from '@service-harness/cli/plugin'
import type {MethodToolOptions} from './method-tool.js'
import type {Tool} from './tool.js'

export function taskTools({lent: {client, protocol}, scope, make, aboutFile}: MethodToolOptions): readonly Tool[] {
  return [
    make('task.list', {
      description: protocol.methods['task.list'].summary,
      annotations: {readOnlyHint: true},
      without: [],
      run: async (args, {signal}) => ({value: await client.task.list({stack: scope.stackOf(args)}, {signal})}),
    }),
    make('task.run', {
      description: `${protocol.methods['task.run'].summary} ${aboutFile}`,
      annotations: {readOnlyHint: false, destructiveHint: true},
      without: ['requestId', 'env', 'login'],
      defaults: {force: false},
      about: {force: 'Run it although it is complete.'},
      async run(args, call) {
        const {stack, caller} = await scope.open(args)
        const wish = args as unknown as Pick<ParamsOf<'task.run'>, 'task'>
        const result = await client.task.run({force: false, ...wish, stack, ...caller}, call)
        return {value: result, failed: result.failure !== null}
      },
    }),
  ]
}
