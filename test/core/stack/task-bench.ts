import type {TaskDefinition} from '../../../src/core/contract/stack.js'
import type {TaskType} from '../../../src/core/contract/task-type.js'
import type {Stack} from '../../../src/core/stack/stack.js'
import {callerEnv} from '../service/workbench.js'
import type {workbench} from './workbench.js'

export type Bench = Awaited<ReturnType<typeof workbench>>

export const run = (bench: Bench, name: string, force = false) =>
  bench.stacks.find('demo').runTask(name, {env: callerEnv, force})

/** Loads a stack file whose tasks have all of this besides. */
export async function loadWith(bench: Bench, text: string, more: Partial<TaskDefinition>): Promise<Stack> {
  const definition = await bench.define(text)
  const tasks = Object.entries(definition.tasks).map(([name, each]) => [name, {...each, ...more}] as const)
  return bench.stacks.load({...definition, tasks: Object.fromEntries(tasks)})
}

/** The catalogue with one more task type, `own`. */
export async function withType(bench: Bench, type: Partial<TaskType>): Promise<void> {
  const whole: TaskType = {
    type: 'own',
    summary: 'A task.',
    input: {},
    output: {},
    run: () => Promise.resolve(null),
    ...type,
  }
  await bench.again({...bench.catalogue, taskType: (name) => (name === 'own' ? whole : bench.catalogue.taskType(name))})
}

/** A task of that type, with further lines of its definition. */
export const own = (name: string, ...more: readonly string[]): string =>
  [`  ${name}:`, '    task_type: own', ...more.map((line) => `    ${line}`)].join('\n')
