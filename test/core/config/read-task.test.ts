import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {TaskDefinition} from '../../../src/core/contract/stack.js'
import {loadText, problemsOf} from './load.js'

const file = (lines: string): string => `tasks:\n  seed:\n    task_type: command\n${lines.replaceAll(/^/gm, '    ')}\n`

async function loadTask(lines: string): Promise<TaskDefinition> {
  const {seed} = (await loadText(file(lines))).definition.tasks
  if (!seed) throw new Error('The task is missing.')
  return seed
}

async function wrong(lines: string): Promise<readonly string[]> {
  return (await problemsOf(file(lines))).map(({message, suggestion = ''}) => `${message} ${suggestion}`.trim())
}

describe('a task', () => {
  it('has its defaults written out', async () => {
    assert.deepEqual(await loadTask(''), {
      taskType: 'command',
      input: {},
      env: {},
      inheritEnv: true,
      dependencies: [],
      timeoutMs: 600_000,
      retry: {retries: 0, delayMs: 1000, factor: 2, maxDelayMs: 60_000, jitter: 0.1},
      graceMs: 10_000,
      logs: {capture: 'file', merge: false},
    })
  })

  it('is complete by a path or a command, both templates', async () => {
    const task = await loadTask('creates: "${stack.dir}/out-$$"\nstatus: [test, -f, "${stack.dir}/out"]')
    assert.equal(task.creates, '${stack.dir}/out-$$')
    assert.deepEqual(task.status, {program: 'test', args: ['-f', '${stack.dir}/out']})
    assert.deepEqual((await loadTask('status: check')).status, {program: 'check', args: []})
    assert.deepEqual((await loadTask('status: {program: check, args: [-q]}')).status, {program: 'check', args: ['-q']})
  })

  it('is tried again as often as is said, in short and in full', async () => {
    const defaults = {delayMs: 1000, factor: 2, maxDelayMs: 60_000, jitter: 0.1}
    assert.deepEqual((await loadTask('retries: 3')).retry, {retries: 3, ...defaults})
    assert.deepEqual((await loadTask('retries: {attempts: 3}')).retry, {retries: 3, ...defaults})
    const full = 'retries: {attempts: 2, delay: 50ms, factor: 1.5, max_delay: 1m, jitter: 0}'
    assert.deepEqual((await loadTask(full)).retry, {
      retries: 2,
      delayMs: 50,
      factor: 1.5,
      maxDelayMs: 60_000,
      jitter: 0,
    })
  })

  it('runs by the clock or at intervals', async () => {
    const {schedule} = await loadTask('schedule: {cron: "0 3 * * *", timezone: Europe/Berlin, overlap: queue}')
    assert.deepEqual(schedule, {cron: '0 3 * * *', timezone: 'Europe/Berlin', overlap: 'queue'})
    assert.deepEqual((await loadTask('schedule: {every: 10m}')).schedule, {everyMs: 600_000, overlap: 'skip'})
    assert.match((await wrong('schedule: {every: 1, overlap: parallel}')).join('\n'), /parallel is not possible/)
  })

  it('runs by the clock of this machine where no time zone is given', async () => {
    const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone
    for (const cron of ['@daily', '*/15 * * * *', '30 0 3 * * MON-FRI', '0 0 L * *']) {
      assert.deepEqual((await loadTask(`schedule: {cron: "${cron}"}`)).schedule, {cron, timezone, overlap: 'skip'})
    }
  })

  it('cannot have a schedule that nobody understands or that never comes', async () => {
    const hint = "write minute, hour, day, month and weekday, like '0 3 * * *', or @daily"
    const cron = async (text: string): Promise<string> => (await wrong(`schedule: {cron: '${text}'}`)).join('\n')
    const path = 'tasks.seed.schedule'
    assert.equal(
      await cron('61 * * * *'),
      `${path}.cron: '61 * * * *' is not a cron expression: Invalid value for minute: 61. ${hint}`,
    )
    assert.equal(await cron('* *'), `${path}.cron: '* *' is not a cron expression: it has 2 of 5 or 6 fields. ${hint}`)
    assert.match(await cron('0 0 0 1 1 * 2030'), /it has 7 of 5 or 6 fields/)
    assert.match(await cron('2030-01-01T00:00:00'), /it has 1 of 5 or 6 fields/)
    assert.match(await cron('0 0 30 2 *'), /there is no such day/)
    assert.match(await cron('@reboot'), /not supported/)
    assert.deepEqual(await wrong('schedule: {cron: "@daily", timezone: Europe/Berlim}'), [
      `${path}.timezone: 'Europe/Berlim' is not the name of a time zone. did you mean 'Europe/Berlin'?`,
    ])
    assert.deepEqual(await wrong('schedule: {every: 999ms}'), [`${path}.every must be at least 1s, got 999 ms.`])
  })

  it('says where a schedule is wrong', async () => {
    const [problem] = await problemsOf('tasks:\n  seed:\n    task_type: a\n    schedule:\n      cron: 61 * * * *\n')
    assert.deepEqual([problem?.path, problem?.line, problem?.column], ['tasks.seed.schedule.cron', 5, 13])
  })

  it('refuses what it cannot read', async () => {
    const lines = [
      'creates: ""',
      'creates: [a]',
      'status: []',
      'status: ""',
      'status: {args: [a]}',
      'retries: -1',
      'retries: {delay: 1s}',
      'retries: {attempts: 1, factor: 0}',
      'schedule: "@daily"',
      'schedule: {}',
      'schedule: {cron: "@daily", every: 1m}',
      'schedule: {every: 1m, timezone: UTC}',
      'schedule: {every: 1m, overlap: never}',
    ]
    for (const line of lines) {
      const problems = await problemsOf(file(line))
      assert.deepEqual(
        problems.map(({severity}) => severity),
        ['error'],
        line,
      )
    }
  })
})
