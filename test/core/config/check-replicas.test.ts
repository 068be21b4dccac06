import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {loadText, problemsOf} from './load.js'

async function wrong(services: string, tasks = ''): Promise<readonly string[]> {
  const problems = await problemsOf(`services: {${services}}\ntasks: {${tasks}}`)
  return problems.map(({severity, path, message, suggestion = ''}) => `${severity} ${path}: ${message} ${suggestion}`)
}

describe('replicas', () => {
  it('are as many as the file says, none included', async () => {
    const {definition} = await loadText(
      'services: {a: {type: process, replicas: 0}, b: {type: process, replicas: 1000}}',
    )
    assert.deepEqual([definition.services['a']?.replicas, definition.services['b']?.replicas], [0, 1000])
    for (const replicas of [-1, 1001, 1.5, 'many']) {
      assert.equal((await wrong(`api: {type: process, replicas: ${replicas}}`)).length, 1, String(replicas))
    }
  })

  it('cannot share a port of this host', async () => {
    const path = 'services.api.ports'
    const given = 'each replica is given a free port'
    assert.deepEqual(await wrong('api: {type: process, replicas: 3, ports: {http: 8080, other: 0}}'), [
      `error ${path}.http: ${path}.http is 8080, and 3 replicas cannot share it. write 0: ${given}`,
    ])
    assert.deepEqual(await wrong('api: {type: process, replicas: 2, ports: ["8080:80"]}'), [
      `error ${path}[0]: ${path}[0] is 8080, and 2 replicas cannot share it. write '0:80': ${given}`,
    ])
    assert.deepEqual(await wrong('api: {type: process, replicas: 1, ports: [80]}'), [])
    assert.deepEqual(await wrong('api: {type: process, replicas: 3, ports: [0, "0:80"]}'), [])
  })

  it('cannot have the names of others', async () => {
    assert.deepEqual(await wrong('api: {type: process, replicas: 2}, api-2: {type: process}'), [
      "error services.api.replicas: services.api has 2 replicas, one of them 'api-2': that is the name of a service already. rename services.api-2, or ask for fewer replicas",
    ])
    assert.match((await wrong('api: {type: process, replicas: 3}', 'api-3: {task_type: a}'))[0] ?? '', /name of a task/)
    assert.deepEqual(await wrong('api: {type: process, replicas: 2}, api-3: {type: process}'), [])
  })

  it('cannot have names that are too long', async () => {
    const name = (length: number): string => 'a'.repeat(length)
    assert.deepEqual(await wrong(`${name(61)}: {type: process, replicas: 9}`), [])
    const [problem = '', ...rest] = await wrong(`${name(61)}: {type: process, replicas: 10}`)
    assert.deepEqual(rest, [])
    assert.match(problem, /the name 'a{61}-10' is longer than 63 characters\. give the service a shorter name$/)
  })

  it('are waited for together, never one by one', async () => {
    const api = 'api: {type: process, replicas: 2}'
    assert.deepEqual(await wrong(`${api}, web: {type: process, dependencies: [api-2]}`), [
      "error services.web.dependencies[0]: services.web depends on 'api-2', which is one replica of service 'api'. write 'api': that waits for every replica",
    ])
    assert.deepEqual(await wrong('api: {type: process, replicas: 2, dependencies: [api-2]}'), [
      "error services.api.dependencies[0]: services.api depends on itself: 'api-2' is one of its replicas. remove this dependency",
    ])
    assert.match(
      (await wrong(`${api}, web: {type: process, dependencies: [api-3]}`))[0] ?? '',
      /which is not in this stack/,
    )
  })

  it('that are none cannot be waited for', async () => {
    const web = (edge: string): string =>
      `api: {type: process, replicas: 0}, web: {type: process, dependencies: [${edge}]}`
    for (const condition of ['started', 'ready', 'completed', 'succeeded']) {
      assert.deepEqual(await wrong(web(`{service: api, condition: ${condition}}`)), [
        `error services.web.dependencies[0]: services.web waits for service 'api' to be ${condition}, which can never be: with 'replicas: 0' there is none of it. ask for at least 1 replica, or remove this dependency`,
      ])
    }
    assert.match((await wrong(web('{service: api, required: false}')))[0] ?? '', /^warning .* there is none of it/)
  })
})
