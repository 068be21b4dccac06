import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {checkInspected} from '../../../src/core/config/check-inspected.js'
import {inspectStack} from '../../../src/core/config/inspect-stack.js'
import {loadStack} from '../../../src/core/config/load-stack.js'
import type {LocatedDiagnostic} from '../../../src/core/config/problems.js'
import {catalogue} from './catalogue.js'
import {loadText, temporaryFolder} from './load.js'

const stack = `
layers: [{type: far, host: bastion}]
services:
  api: {type: process, binary: node, layers: [{type: local, working_dir: /srv}]}
  web: {type: process, binary: node}
  here: {type: process, binary: node, layers: []}
tasks:
  build: {task_type: command, target: {type: process, binary: make}}
  query: {task_type: sql, config: {query: select}}
environments:
  staging: {layers: [{type: far, host: '\${stack.name}.example'}]}
  alone: {layers: []}
`

async function layersIn(text: string, environment?: string) {
  const {definition} = await loadStack({
    ...{cwd: '/srv/shop', files: ['-'], env: {}, stdin: () => Promise.resolve(text)},
    ...(environment !== undefined && {environment}),
  })
  const all = Object.entries({...definition.services, ...definition.tasks})
  return Object.fromEntries(
    all.map(([name, {layers}]) => [name, layers?.map(({type, spec}) => `${type} ${JSON.stringify(spec)}`)]),
  )
}

async function problemsIn(text: string): Promise<readonly LocatedDiagnostic[]> {
  const options = {cwd: '/srv/shop', files: ['-'], env: {}, stdin: () => Promise.resolve(text)}
  return checkInspected(await inspectStack(options, () => Promise.resolve([])), catalogue)
}

async function wordsOf(text: string): Promise<readonly string[]> {
  return (await problemsIn(text)).map(({line, message, suggestion}) => [line, message, suggestion].join(' | '))
}

const bastion = 'far {"host":"bastion"}'
const srv = 'local {"working_dir":"/srv"}'

describe('layers', () => {
  it('of the file are around those of a service or task; an empty list takes them away', async () => {
    const without = {here: undefined, query: undefined}
    assert.deepEqual(await layersIn(stack), {api: [bastion, srv], web: [bastion], build: [bastion], ...without})
  })

  it('of an environment are inside of those of the file, or take them away', async () => {
    const staging = 'far {"host":"${stack.name}.example"}'
    const without = {here: undefined, query: undefined}
    assert.deepEqual(await layersIn(stack, 'staging'), {
      ...{api: [bastion, staging, srv], web: [bastion, staging], build: [bastion, staging]},
      ...without,
    })
    assert.deepEqual(await layersIn(stack, 'alone'), {api: [srv], web: undefined, build: undefined, ...without})
  })

  it('of a file hold for what it includes, around what that says itself', async () => {
    using folder = temporaryFolder({
      'harness.yaml': 'include: [db.yaml]\nlayers: [{type: far, host: outer}]\nservices: {}\n',
      'db.yaml': 'layers: [{type: far, host: inner}]\nservices: {db: {type: process, binary: db}}\n',
    })
    const {definition} = await loadStack({cwd: folder.path, env: {}})
    assert.deepEqual(
      definition.services['db']?.layers?.map(({spec}) => spec['host']),
      ['outer', 'inner'],
    )
  })

  it('are checked at their place: types, values, references, and what they cannot be around', async () => {
    const text = `
services:
  api:
    type: process
    binary: node
    layers:
      - {type: far, hosts: a}
      - {type: ssh, host: a}
      - {type: local, env: {A: '\${cache.port}'}}
      - {type: fart, host: a}
      - docker
      - {host: a}
    ports: [0]
  db:
    type: process-attach
    pid: 1
    layers: [{type: local}]
tasks:
  query: {task_type: sql, config: {query: select}, layers: [{type: local}]}
`
    assert.deepEqual(await wordsOf(text.replaceAll('      - docker\n      - {host: a}\n', '')), [
      "7 | services.api.layers[0] needs 'host' (the layer 'far'). | ",
      "7 | services.api.layers[0].hosts is not a key of the layer 'far'. | did you mean 'host'?",
      "8 | No plugin brings the layer 'ssh'; known are far, local. | run: harness plugins install ssh",
      "9 | The reference '${cache.port}' names neither a service nor a task of this stack. | ",
      "10 | No plugin brings the layer 'fart'; known are far, local. | did you mean 'far'?",
      '11 | services.api.ports[0]: a free port cannot be picked where its layers lead. | write a number',
      "15 | services.db cannot run in layers: they are for programs of this machine, and 'process-attach' is none. | write 'layers: []' there, which takes it out of all layers",
      "17 | tasks.query has no command that layers could be around. | write 'layers: []' there, which takes it out of all layers",
    ])
    const shapes = await wordsOf(text)
    assert.ok(
      shapes.some((line) => line.startsWith('11 | services.api.layers[4] must be a map with a type')),
      shapes.join('\n'),
    )
    assert.ok(
      shapes.some((line) => line.startsWith("12 | services.api.layers[5] needs a 'type'")),
      shapes.join('\n'),
    )
    const [noList] = await wordsOf('layers: {type: local}\nservices: {api: {type: process, binary: a}}')
    assert.match(noList ?? '', /^1 \| layers must be a list of layers/)
  })

  it('hold no secret in what everybody can read', async () => {
    const text = (spec: string): string =>
      `secrets: {A: {env: A}}\nservices: {api: {type: process, binary: a, layers: [{${spec}}]}}`
    assert.match((await wordsOf(text("type: far, host: '${secret.A}'")))[0] ?? '', /cannot stand in a command line/)
    assert.deepEqual(await wordsOf(text("type: local, env: {B: '${secret.A}'}")), [])
  })

  it('are part of what a service is', async () => {
    const {definition} = await loadText('services: {api: {type: process, binary: a, layers: [{type: local}]}}')
    assert.deepEqual(definition.services['api']?.layers, [{type: 'local', spec: {}}])
  })
})
