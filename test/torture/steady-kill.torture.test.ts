import assert from 'node:assert/strict'
import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {LogLine} from '../../src/core/contract/log.js'
import type {StackStatus} from '../../src/core/contract/status.js'
import {isAlive, Sandbox, until} from '../support/harness.js'
import {size} from './support/sizes.js'

const services = size({quick: 6, full: 50})
const lines = size({quick: 200, full: 1000})

/** Half of the lines at once, the other half while no daemon is there. Every other service then ends, each with a code of its own. */
const script = (index: number): string =>
  [
    'n=0; say() { while [ $$n -lt $$1 ]; do echo line $$n; n=$$((n+1)); done; }',
    `say ${lines / 2}`,
    'while [ ! -e go ]; do sleep 0.1; done',
    `say ${lines}`,
    `echo ${index} >>said`,
    ends(index) ? `exit ${codeOf(index)}` : 'while :; do sleep 1000; done',
  ].join('; ')
const ends = (index: number): boolean => index % 2 === 1
const codeOf = (index: number): number => index % 100

describe(`L3: a daemon that is killed while ${services} services run`, function () {
  this.timeout(size({quick: 60_000, full: 300_000}))

  it(`leaves the same processes, all of ${lines} lines each, and the right exit codes`, async () => {
    await using sandbox = await Sandbox.make()
    const entries = Array.from(
      {length: services},
      (_, index) => `  s${index}: {type: process, binary: sh, args: [-c, '${script(index)}'], restart: no}`,
    )
    await sandbox.write(`name: steady\nservices:\n${entries.join('\n')}\n`)
    const started = await sandbox.run('start')
    assert.equal(started.code, 0, started.stderr)
    const before = await statusOf(sandbox)
    const printed = async (): Promise<number> => (await logsOf(sandbox)).length
    await until(async () => (await printed()) === services * (lines / 2), 'the first half is printed', 60_000)
    await sandbox.killDaemon()
    const said = path.join(sandbox.folder, 'said')
    await writeFile(path.join(sandbox.folder, 'go'), '')
    const count = async (): Promise<number> => (await readFile(said, 'utf8').catch(() => '')).split('\n').length - 1
    await until(async () => (await count()) === services, 'all have said everything', 60_000)
    await until(async () => (await livingEnders(before)) === 0, 'every other one has ended')
    const after = await statusOf(sandbox)
    for (let index = 0; index < services; index += 1) {
      const [old, now] = [before.get(`s${index}`), after.get(`s${index}`)]
      if (ends(index)) assert.equal(now?.exit?.code, codeOf(index), `s${index}`)
      else assert.deepEqual([now?.state, now?.pid, now?.attempt], ['Running', old?.pid, 1], `s${index}`)
    }
    const expected = Array.from({length: lines}, (_, line) => `line ${line}`)
    const found = new Map<string, string[]>()
    for (const {service, text} of await logsOf(sandbox)) found.set(service, [...(found.get(service) ?? []), text])
    for (let index = 0; index < services; index += 1) assert.deepEqual(found.get(`s${index}`), expected, `s${index}`)
  })
})

type Status = ReadonlyMap<string, StackStatus['services'][number]>

async function statusOf(sandbox: Sandbox): Promise<Status> {
  const {services: list} = await sandbox.json<StackStatus>('status')
  return new Map(list.map((service) => [service.name, service]))
}

async function logsOf(sandbox: Sandbox): Promise<readonly LogLine[]> {
  const {stdout, stderr, code} = await sandbox.run('logs', '--json', '--tail', 'all')
  assert.equal(code, 0, stderr)
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text) as LogLine)
}

/** How many of those that end are still there. */
async function livingEnders(status: Status): Promise<number> {
  const enders = [...status].filter(([name]) => ends(Number(name.slice(1))))
  const alive = await Promise.all(enders.map(async ([, {pid}]) => pid !== null && (await isAlive(pid))))
  return alive.filter(Boolean).length
}
