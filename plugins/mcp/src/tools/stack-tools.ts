import type {MethodToolOptions} from './method-tool.js'
import type {Tool} from './tool.js'

export function stackTools({lent: {client, protocol}, scope, make}: MethodToolOptions): readonly Tool[] {
  return [
    make('stack.list', {
      description: protocol.methods['stack.list'].summary,
      annotations: {readOnlyHint: true},
      without: [],
      run: async () => ({value: {stacks: await scope.stacks(client)}}),
    }),
  ]
}
