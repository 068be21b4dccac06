import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {checkInspected} from '../../../src/core/config/check-inspected.js'
import {inspectStack, type InspectedStack} from '../../../src/core/config/inspect-stack.js'
import {catalogue} from './catalogue.js'

function inspect(text: string): Promise<InspectedStack> {
  return inspectStack({cwd: '/srv/shop', files: ['-'], env: {}, stdin: () => Promise.resolve(text)})
}

/** `line CODE path` of everything that is wrong. */
async function check(text: string): Promise<readonly string[]> {
  return checkInspected(await inspect(text), catalogue).map(({line, code, path}) => `${line ?? '-'} ${code} ${path}`)
}

describe('all problems of a stack file at once', () => {
  it('a bad value in one service hides nothing of the others, nor of its own target', async () => {
    assert.deepEqual(
      await check(`services:
  a: {type: process, binray: a, healthcheck: {tcp: 80}}
  b: {type: process, binary: b, restart: sometimes, nise: 1}
  c: {type: docker, image: c}`),
      [
        '2 CONFIG_MISSING_KEY services.a',
        '2 CONFIG_UNKNOWN_KEY services.a.binray',
        '2 CONFIG_UNKNOWN_KEY services.a.healthcheck',
        '3 CONFIG_INVALID_VALUE services.b.restart',
        '3 CONFIG_UNKNOWN_KEY services.b.nise',
        '4 CONFIG_UNKNOWN_TYPE services.c.type',
      ],
    )
  })

  it('bad ports and dependencies of one service leave the references and cycles of the others to be checked', async () => {
    assert.deepEqual(
      await check(`services:
  a: {type: process, binary: a, ports: [x], dependencies: [{sevrice: b}]}
  b: {type: process, binary: b, env: {A: "\${a.port}", C: "\${c.port}"}, dependencies: [a]}
  c: {type: process, binary: c, env: {B: "\${gone.port}"}, dependencies: [d]}
  d: {type: process, binary: d, dependencies: [c]}`),
      [
        '2 CONFIG_INVALID_VALUE services.a.ports[0]',
        '2 CONFIG_INVALID_VALUE services.a.dependencies[0]',
        '2 CONFIG_UNKNOWN_KEY services.a.dependencies[0].sevrice',
        '3 CONFIG_UNKNOWN_REFERENCE services.b.env.C',
        '4 CONFIG_UNKNOWN_REFERENCE services.c.env.B',
        '4 CONFIG_CYCLE services.c.dependencies[0]',
      ],
    )
  })

  it('what could not be read is told once', async () => {
    assert.deepEqual(await check('services:\n  a: {type: process, binary: "${A"}\n  b: {target: 5}\n  c: 5\n  d: {}'), [
      '2 CONFIG_INVALID_VALUE services.a.binary',
      '3 CONFIG_INVALID_VALUE services.b.target',
      '4 CONFIG_INVALID_VALUE services.c',
      '5 CONFIG_MISSING_KEY services.d',
    ])
    assert.deepEqual(await check('services: []\ntasks: {t: {task_type: sql, config: {query: a}}}'), [
      '1 CONFIG_INVALID_VALUE services',
    ])
  })

  it('a warning of the file is told once, however often it is checked', async () => {
    const text = 'services: {a: {type: process, binary: a, dependencies: [{service: b, required: false}]}}'
    assert.deepEqual(await check(text), ['1 CONFIG_UNKNOWN_DEPENDENCY services.a.dependencies[0]'])
  })

  it('a file without any service or task, and one that is no map, each has one problem', async () => {
    for (const text of ['', 'services: {}', 'services: {}\ntasks: {}', 'name: shop', 'services:']) {
      assert.deepEqual(await check(text), ['1 CONFIG_MISSING_KEY '], text)
    }
    const [{message} = {message: ''}] = (await inspect('[]')).problems
    assert.equal(message, 'The file must be a map, got an empty list.')
    for (const text of ['[]', 'hello', '5']) assert.deepEqual(await check(text), ['1 CONFIG_INVALID_VALUE '], text)
  })
})
