import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {WatchDefinition} from '../../../src/core/contract/stack.js'
import {loadText, problemsOf} from './load.js'

const file = (watch: string): string =>
  `services: {api: {type: process, watch: ${watch}}}\ntasks: {build: {task_type: command}}`

async function watchOf(watch: string): Promise<readonly WatchDefinition[] | undefined> {
  return (await loadText(file(watch))).definition.services['api']?.watch
}

const restart = {include: [], ignore: [], debounceMs: 300, action: {kind: 'restart'}}

describe('what a service watches', () => {
  it('is a list of paths, a map, or a list of maps', async () => {
    assert.deepEqual(await watchOf('[src, lib]'), [{...restart, paths: ['src', 'lib']}])
    assert.deepEqual(await watchOf('{paths: [src], action: restart}'), [{...restart, paths: ['src']}])
    assert.deepEqual(await watchOf('[{paths: [src], debounce: 1s}, {paths: [lib], action: {task: build}}]'), [
      {...restart, paths: ['src'], debounceMs: 1000},
      {...restart, paths: ['lib'], action: {kind: 'task', task: 'build'}},
    ])
    assert.deepEqual(await watchOf('{paths: [src], include: ["**/*.ts"], ignore: ["**/*.test.ts"]}'), [
      {...restart, paths: ['src'], include: ['**/*.ts'], ignore: ['**/*.test.ts']},
    ])
  })

  it('warns of a pattern where a path is meant', async () => {
    const [warning] = await problemsOf(file('["src/**"]'))
    assert.deepEqual(
      [warning?.severity, warning?.suggestion],
      ['warning', "name the folder, and write the pattern under 'include'"],
    )
  })

  it('runs a task of the stack', async () => {
    const problem = async (task: string) => (await problemsOf(file(`{paths: [src], action: {task: ${task}}}`)))[0]
    const unknown = await problem('biuld')
    assert.deepEqual(
      [unknown?.message, unknown?.suggestion, unknown?.path],
      [
        "services.api.watch runs task 'biuld', which is not in this stack.",
        "did you mean 'build'?",
        'services.api.watch.action.task',
      ],
    )
    assert.equal((await problem('api'))?.suggestion, "'api' is a service, not a task")
  })

  it('refuses what it cannot read', async () => {
    const wrong = ['src', '[]', '[""]', '{}', '{paths: src}', '{paths: []}', '[src, {paths: [lib]}]']
    wrong.push('{paths: [src], action: build}', '{paths: [src], action: {}}', '{path: [src], paths: [a]}')
    for (const watch of wrong) {
      const problems = await problemsOf(file(watch))
      assert.deepEqual(
        problems.map(({severity}) => severity),
        ['error'],
        watch,
      )
    }
  })
})
