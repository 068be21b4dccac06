import type {Diagnostic} from '../contract/diagnostic.js'
import type {StackNode} from './stack-graph.js'
import {didYouMean} from './suggest.js'

/** Tasks that a change of files is to run and that are not there. */
export function checkWatches(nodes: ReadonlyMap<string, StackNode>): Diagnostic[] {
  const all = [...nodes.values()]
  const tasks = new Set(all.filter(({kind}) => kind === 'task').map(({name}) => name))
  return all.flatMap((node) => {
    if (node.kind !== 'service') return []
    return node.definition.watch.flatMap(({action}, index): Diagnostic[] => {
      if (action.kind !== 'task' || tasks.has(action.task)) return []
      const service = all.find(({kind, name}) => kind === 'service' && name === action.task)
      const suggestion = service ? `'${service.name}' is a service, not a task` : didYouMean(action.task, tasks)
      return [
        {
          severity: 'error',
          code: 'CONFIG_UNKNOWN_DEPENDENCY',
          message: `${node.path}.watch runs task '${action.task}', which is not in this stack.`,
          pointer: `${node.pointer}/watch/${index}/action/task`,
          ...(suggestion === undefined ? {} : {suggestion}),
        },
      ]
    })
  })
}
