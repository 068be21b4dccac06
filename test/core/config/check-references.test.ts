import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {checkStack} from '../../../src/core/config/check-stack.js'
import {catalogue} from './catalogue.js'
import {loadText, problemsOf} from './load.js'

/** What is wrong with a service or task that uses this reference, beside a service `api` that says its port and host. */
async function wrong(unit: string, kind: 'services' | 'tasks' = 'services'): Promise<readonly string[]> {
  const api = String.raw`api: {type: process, health_check: {any: [{log: 'on (?<host>\w+):(?<port>\d+)'}, {tcp: 80}]}}`
  const text = `services: {${api}, db: {type: process}${kind === 'services' ? `, x: {${unit}}` : ''}}
tasks: {seed: {task_type: command}${kind === 'tasks' ? `, x: {${unit}}` : ''}}`
  const problems = await problemsOf(text)
  return problems.map(({path, message, suggestion = ''}) => `${path}: ${message} ${suggestion}`.trim())
}

describe('the outputs of a service', () => {
  it('are the named groups of its log checks', async () => {
    const uses = (name: string): string => `type: process, dependencies: [api, db], env: {A: "\${api.outputs.${name}}"}`
    const shown = "services.x.env.A: The reference '${api.outputs."
    assert.deepEqual(await wrong(uses('port')), [])
    assert.deepEqual(await wrong(uses('prot')), [
      `${shown}prot}' names an output that service 'api' does not have: it has host, port. did you mean 'port'?`,
    ])
    assert.deepEqual(await wrong(uses('port.number')), [
      `${shown}port.number}' names an output that service 'api' does not have: it has host, port.`,
    ])
    assert.deepEqual(await wrong('type: process, dependencies: [db], env: {A: "${db.outputs.id}"}'), [
      "services.x.env.A: The reference '${db.outputs.id}' names an output, but no log check of service 'db' has a named group. give services.db.health_check a 'log' with a group, like 'port (?<id>\\d+)'",
    ])
  })

  it('need not be named where not all is known', async () => {
    const text = (db: string): string =>
      `services: {db: {${db}}, x: {type: process, binary: a, dependencies: [db], env: {A: "\${db.outputs.id}"}}}`
    assert.deepEqual(await problemsOf(text('service_type: bare, type: process, binary: a')), [])
    const {definition} = await loadText(text('service_type: bare, type: process, binary: a'))
    assert.deepEqual(
      checkStack(definition, catalogue).map(({code}) => code),
      ['CONFIG_UNKNOWN_REFERENCE'],
    )
    const broken = await problemsOf(text('type: process, health_check: {log: "("}'))
    assert.deepEqual(
      broken.map(({path}) => path),
      ['services.db.health_check.log'],
    )
  })

  it('are known only to those who wait until it is ready', async () => {
    const edge = 'dependencies: [{service: api, condition: started}]'
    assert.deepEqual(await wrong(`type: process, ${edge}, env: {A: "\${api.outputs.port}", B: "\${api.host}"}`), [
      "services.x.env.A: The reference '${api.outputs.port}' is not known in time: service 'api' is only waited for until it is started. leave 'condition: started' out",
    ])
  })

  it('are known to itself only when it is stopped', async () => {
    const unit = (key: string): string =>
      String.raw`type: process, health_check: {log: '(?<id>\d+)'}, ${key}: {program: a, args: ["${'$'}{x.outputs.id}"]}`
    assert.deepEqual(await wrong(unit('stop_command')), [])
    const live = String.raw`type: process, health_check: {log: '(?<id>\d+)'}, liveness: {tcp: "${'$'}{x.outputs.id}"}`
    assert.deepEqual(await wrong(live), [
      "services.x.liveness.tcp: The reference '${x.outputs.id}' asks a service for its own outputs.",
    ])
  })
})

describe('a reference', () => {
  it('is checked wherever it may stand', async () => {
    const gone = '"${gone.port}"'
    const places: readonly (readonly [string, 'services' | 'tasks', string])[] = [
      [`type: process, stop_command: [a, ${gone}]`, 'services', 'services.x.stop_command'],
      [`type: process, stop_command: ${gone}`, 'services', 'services.x.stop_command'],
      [`type: process, liveness: {tcp: ${gone}}`, 'services', 'services.x.liveness.tcp'],
      [
        `type: process, health_check: {all: [{any: [{tcp: ${gone}}]}]}`,
        'services',
        'services.x.health_check.all[0].any[0].tcp',
      ],
      [`task_type: command, creates: ${gone}`, 'tasks', 'tasks.x.creates'],
      [`task_type: command, status: {program: a, args: [${gone}]}`, 'tasks', 'tasks.x.status.args'],
    ]
    for (const [unit, kind, path] of places) {
      assert.deepEqual(await wrong(unit, kind), [
        `${path}: The reference '\${gone.port}' names neither a service nor a task of this stack.`,
      ])
    }
  })

  it('in a pattern is none', async () => {
    assert.deepEqual(await wrong('type: process, health_check: {log: "a${api.port}"}'), [
      "services.x.health_check.log: The reference '${api.port}' cannot stand in a pattern: it takes variables only. write '$$' for the end of a line, '\\$$' for the sign '$'",
    ])
  })
})
