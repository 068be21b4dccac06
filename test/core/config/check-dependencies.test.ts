import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {loadText, problemsOf} from './load.js'

async function edgeProblems(services: string, tasks = ''): Promise<readonly string[]> {
  const problems = await problemsOf(`services: {${services}}\ntasks: {${tasks}}`)
  return problems.map(({severity, message}) => `${severity} ${message}`)
}

describe('a dependency', () => {
  it('hands restarts on where it says so', async () => {
    const {definition, warnings} = await loadText(
      'services: {db: {type: process}, api: {type: process, dependencies: [{service: db, restart: true}]}}',
    )
    assert.deepEqual(warnings, [])
    assert.deepEqual(definition.services['api']?.dependencies, [
      {kind: 'service', name: 'db', condition: 'ready', required: true, restart: true},
    ])
    const plain = await loadText('services: {db: {type: process}, api: {type: process, dependencies: [db]}}')
    assert.equal(plain.definition.services['api']?.dependencies[0]?.restart, false)
  })

  it('of or on a task hands no restart on', async () => {
    const warning = (path: string, other: string): string =>
      `warning 'restart: true' changes nothing where ${path} depends on ${other}: 'seed' is a task, and tasks are not restarted.`
    assert.deepEqual(
      await edgeProblems('api: {type: process, dependencies: [{task: seed, restart: true}]}', 'seed: {task_type: a}'),
      [warning('services.api', "task 'seed'")],
    )
    assert.deepEqual(
      await edgeProblems('db: {type: process}', 'seed: {task_type: a, dependencies: [{service: db, restart: true}]}'),
      [warning('tasks.seed', "service 'db'")],
    )
  })

  it('cannot wait for the end of what is always started again', async () => {
    for (const condition of ['completed', 'succeeded']) {
      const edge = `web: {type: process, dependencies: [{service: api, condition: ${condition}}]}`
      assert.deepEqual(await edgeProblems(`api: {type: process, restart: always}, ${edge}`), [
        `error services.web waits for service 'api' to be ${condition}, which can never be: its 'restart: always' starts it again whenever it ends.`,
      ])
      assert.deepEqual(await edgeProblems(`api: {type: process, restart: on-failure}, ${edge}`), [])
    }
  })
})
