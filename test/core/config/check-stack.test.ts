import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {checkStack} from '../../../src/core/config/check-stack.js'
import {locateDiagnostics} from '../../../src/core/config/locate-diagnostics.js'
import type {Diagnostic} from '../../../src/core/contract/diagnostic.js'
import {catalogue} from './catalogue.js'
import {loadText} from './load.js'

async function check(text: string): Promise<readonly Diagnostic[]> {
  return checkStack((await loadText(text)).definition, catalogue)
}

describe('checkStack with what the plugins know', () => {
  it('finds nothing in a good stack', async () => {
    assert.deepEqual(
      await check(`
services:
  db: {type: process, binary: db, ports: [0]}
  site: {service_type: web, config: {root: "\${db.url}"}, dependencies: [db]}
  old: {type: process-attach, pid: 1}
  api:
    type: process
    binary: node
    args: ["\${site.url}", "\${site.ports.url}", "\${old.port}", "\${stack.dir}"]
    dependencies: [site, old]
tasks:
  seed: {task_type: command, target: {type: process, binary: node}}`),
      [],
    )
  })

  it('reads a type with `attach` as the one that attaches', async () => {
    const {definition} = await loadText(`
services:
  old: {type: process, attach: {pid: 1}}
  older: {target: {type: process, attach: {pid_file: a}, x-note: 1}}`)
    const targets = Object.values(definition.services).map(({target}) => target)
    assert.deepEqual(targets, [
      {type: 'process-attach', spec: {pid: 1}},
      {type: 'process-attach', spec: {pid_file: 'a'}},
    ])
    assert.deepEqual(checkStack(definition, catalogue), [])
    const [diagnostic] = await check('services: {old: {type: process, attach: {pid: one}}}')
    assert.match(diagnostic?.message ?? '', /services.old.pid must be a whole number/)
  })

  it('leaves a value alone that holds a reference: its type shows when it is filled in', async () => {
    const text = (nice: string): string => `
services:
  db: {type: process, binary: db, ports: [0]}
  api: {type: process, binary: node, nice: "${nice}", dependencies: [db]}`
    assert.deepEqual(await check(text('${db.port}')), [])
    const [diagnostic, ...rest] = await check(text('5$$'))
    assert.deepEqual(rest, [])
    assert.equal(diagnostic?.message, "services.api.nice must be a whole number, got '5$'.")
    assert.equal(diagnostic.pointer, '/services/api/target/spec/nice')
  })

  it('counts what a task type depends on', async () => {
    const text = (database: string): string => `
services:
  db: {type: process, binary: db, ports: [0]}
  api: {type: process, binary: node, dependencies: [{task: load}], env: {A: "\${db.url}"}}
tasks:
  load: {task_type: sql, config: {query: "\${db.url}", database: ${database}}}`
    assert.deepEqual(await check(text('db')), [])
    assert.deepEqual(
      (await check(text('api'))).map(({code, message}) => [code, message]),
      [
        ['CONFIG_CYCLE', 'Dependencies go round in a circle: api -> load -> api.'],
        [
          'CONFIG_UNKNOWN_REFERENCE',
          "The reference '${db.url}' is not known in time: service 'db' is not a dependency of services.api.",
        ],
        [
          'CONFIG_UNKNOWN_REFERENCE',
          "The reference '${db.url}' is not known in time: service 'db' is not a dependency of tasks.load.",
        ],
      ],
    )
    assert.deepEqual(
      (await check(text('gone'))).map(({code}) => code),
      ['CONFIG_UNKNOWN_DEPENDENCY', 'CONFIG_UNKNOWN_REFERENCE', 'CONFIG_UNKNOWN_REFERENCE'],
    )
  })

  it('knows the endpoints that a service type brings', async () => {
    const [diagnostic] = await check(`
services:
  site: {service_type: web, config: {root: a}}
  api: {type: process, binary: node, args: ["\${site.ports.rul}"], dependencies: [site]}`)
    assert.equal(diagnostic?.suggestion, "did you mean 'url'?")
  })

  it('takes definitions of programs, whose texts may be no templates', async () => {
    const {definition} = await loadText('services: {api: {type: process, binary: node}}')
    const api = {...definition.services['api']!, env: {A: 'a $ b', B: '$$', C: '${d'}}
    const diagnostics = checkStack({...definition, services: {api}})
    assert.deepEqual(
      diagnostics.map(({pointer, code}) => [pointer, code]),
      [
        ['/services/api/env/A', 'CONFIG_INVALID_VALUE'],
        ['/services/api/env/C', 'CONFIG_INVALID_VALUE'],
      ],
    )
  })
})

describe('checkStack of a definition that a program made', () => {
  it('finds what a file could not hold either', async () => {
    const {definition} = await loadText(
      'services: {api: {type: process, health_check: {log: a}, watch: [src], replicas: 2}}\ntasks: {seed: {task_type: command}}',
    )
    const api = definition.services['api']!
    const seed = definition.tasks['seed']!
    const check = {kind: 'log', pattern: '['} as const
    const healthCheck = {...api.healthCheck!, check}
    const watch = [{...api.watch[0]!, action: {kind: 'task', task: 'gone'} as const}]
    const ports = [{name: 'default', protocol: 'tcp', port: 80} as const]
    const services = {api: {...api, healthCheck, liveness: {...healthCheck, check}, watch, ports}}
    const tasks = {
      seed: {...seed, schedule: {everyMs: 0, overlap: 'skip'} as const},
      late: {...seed, schedule: {cron: 'never', timezone: 'UTC', overlap: 'skip'} as const},
    }
    assert.deepEqual(
      checkStack({...definition, services, tasks}).map(({pointer}) => pointer),
      [
        '/services/api/healthCheck/check/pattern',
        '/services/api/liveness/check/pattern',
        '/services/api/ports/0',
        '/services/api/watch/0/action/task',
        '/tasks/seed/schedule/everyMs',
        '/tasks/late/schedule/cron',
      ],
    )
  })
})

describe('locateDiagnostics', () => {
  it('turns a pointer of the daemon into a place', async () => {
    const loaded = await loadText('services:\n  api:\n    type: process\n    args: [a,\n      5]\n')
    const located = locateDiagnostics(checkStack(loaded.definition, catalogue), loaded)
    assert.deepEqual(
      located.map(({code, file, line, column, path}) => [code, file, line, column, path]),
      [
        ['CONFIG_MISSING_KEY', '<stdin>', 2, 3, 'services.api'],
        ['CONFIG_INVALID_VALUE', '<stdin>', 5, 7, 'services.api.args[1]'],
      ],
    )
  })

  it('keeps what has no place', () => {
    const loaded = {locate: () => undefined}
    const diagnostic = {severity: 'error', code: 'CONFIG_CYCLE', message: 'A.', pointer: '/services/a'} as const
    assert.deepEqual(locateDiagnostics([diagnostic], loaded), [
      {severity: 'error', code: 'CONFIG_CYCLE', message: 'A.', path: 'services.a'},
    ])
  })
})
