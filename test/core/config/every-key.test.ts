import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {taskKeys} from '../../../src/core/config/read-task.js'
import {serviceKeys, type ServiceKey} from '../../../src/core/config/service-keys.js'
import type {StackDefinition} from '../../../src/core/contract/stack.js'
import {loadStack} from '../../../src/core/config/load-stack.js'
import {problemsOf, temporaryFolder} from './load.js'

/** Keys that say nothing to the daemon, each with a value that it cannot have. */
const onlyChecked = {extends: '{a: b}', name: '{a: b}', description: '{a: b}'}

const ofService: Readonly<Record<Exclude<ServiceKey, 'description' | 'extends' | 'name'>, string>> = {
  type: 'process',
  target: '{type: process, binary: node}',
  service_type: 'site',
  config: '{root: a}',
  profiles: '[debug]',
  network: 'lan',
  env: '{A: b}',
  env_file: 'variables.env',
  inherit_env: 'false',
  layers: '[{type: local}]',
  ports: '[0]',
  dependencies: '[db]',
  health_check: '{log: ready}',
  liveness: '{tcp: 80}',
  restart: 'always',
  stop_signal: 'INT',
  stop_command: '[ctl, stop]',
  shutdown_timeout: '1s',
  startup_timeout: '1s',
  min_uptime: '1s',
  on_start_timeout: 'stop',
  success_exit_codes: '[3]',
  success_signals: '[TERM]',
  replicas: '3',
  watch: '[src]',
  logs: '{merge: true}',
}

const ofTask: Readonly<Record<Exclude<(typeof taskKeys)[number], 'description' | 'extends' | 'name'>, string>> = {
  task_type: 'sql',
  target: '{type: process, binary: node}',
  action: '{type: Go}',
  config: '{query: a}',
  env: '{A: b}',
  env_file: 'variables.env',
  inherit_env: 'false',
  layers: '[{type: local}]',
  dependencies: '[db]',
  creates: './out',
  status: 'test',
  timeout: '1s',
  retries: '3',
  schedule: '{every: 1m}',
  shutdown_timeout: '1s',
  logs: '{merge: true}',
}

async function unitOf(
  kind: 'services' | 'tasks',
  entry: readonly string[],
): Promise<StackDefinition['services' | 'tasks'][string] | undefined> {
  const db = 'db: {type: process}'
  const lines = {services: [db], tasks: [] as string[]}
  lines[kind].push(`x: {${entry.join(', ')}}`)
  const text = `networks: {lan: {type: lan}}\nservices: {${lines.services.join(', ')}}\ntasks: {${lines.tasks.join(', ')}}`
  using folder = temporaryFolder({'variables.env': 'B=c', 'harness.yaml': text})
  const {definition} = await loadStack({cwd: folder.path, env: {}})
  return definition[kind]['x']
}

describe('every key', () => {
  it('of a service is read', async () => {
    assert.deepEqual([...Object.keys(ofService), ...Object.keys(onlyChecked)].sort(), [...serviceKeys].sort())
    const plain = ['service_type: web']
    for (const [key, value] of Object.entries(ofService)) {
      const entry = key === 'service_type' ? [`${key}: ${value}`] : [...plain, `${key}: ${value}`]
      assert.notDeepEqual(await unitOf('services', entry), await unitOf('services', plain), key)
    }
  })

  it('of a task is read', async () => {
    assert.deepEqual([...Object.keys(ofTask), ...Object.keys(onlyChecked)].sort(), [...taskKeys].sort())
    const plain = ['task_type: command']
    for (const [key, value] of Object.entries(ofTask)) {
      const entry = key === 'task_type' ? [`${key}: ${value}`] : [...plain, `${key}: ${value}`]
      assert.notDeepEqual(await unitOf('tasks', entry), await unitOf('tasks', plain), key)
    }
  })

  it('that only people read is checked all the same', async () => {
    for (const [key, value] of Object.entries(onlyChecked)) {
      const texts = [`services: {x: {type: process, ${key}: ${value}}}`, `tasks: {x: {task_type: a, ${key}: ${value}}}`]
      for (const text of texts)
        assert.deepEqual(
          (await problemsOf(text)).map(({severity}) => severity),
          ['error'],
          text,
        )
    }
  })
})
