import assert from 'node:assert/strict'
import {readdirSync, readlinkSync} from 'node:fs'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {describe, it} from 'mocha'
import {describeExecutor, openTestHost, testServices, type Program} from '@service-harness/cli/testing'
import {every, type EverySpec} from '../src/every.js'
import register from '../src/register.js'

/** What the contract asks of a workload, as shell scripts that carry a mark. */
function script(program: Program): string {
  switch (program.does) {
    case 'run':
      return 'exec sleep 600'
    case 'resist':
      return "trap '' TERM; echo ready; while :; do sleep 0.1; done"
    case 'exit':
      return `exit ${program.code}`
    case 'die':
      return `kill -${program.signal.slice(3)} $$`
    case 'print':
      return `seq -f 'line %g' ${program.count - 1}; printf 'line %d' ${program.count}`
  }
}

describeExecutor<EverySpec>(
  'every',
  'managed',
  async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'every-'))
    const mark = path.basename(directory)
    const executor = () => every(testServices(directory, 'every'))
    return {
      executor: executor(),
      restarted: executor,
      directory,
      invalidSpec: {command: [], seconds: 'often'},
      spec: (program) => ({command: ['sh', '-c', `: ${mark}; ${script(program)}`], seconds: 0, times: 1}),
      runs: () => isThere(directory),
      [Symbol.asyncDispose]: () => rm(directory, {recursive: true, force: true}),
    }
  },
  {describe, it},
)

/** Does a process run there? */
function isThere(directory: string): boolean {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.some((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === directory
    } catch {
      return false
    }
  })
}

describe('type: every', () => {
  it('runs its command again and again, until the service is stopped', async () => {
    await using host = await openTestHost({register})
    const tick = {type: 'every', command: ['echo', 'tick'], seconds: 0.05}
    await using stack = await host.start({services: {tick}})
    let ticks = 0
    for await (const {text} of stack.logs({follow: true})) {
      assert.equal(text, 'tick')
      ticks += 1
      if (ticks === 3) break
    }
    await stack.stop()
    const {services} = await stack.status()
    assert.equal(services[0]?.state, 'Stopped')
  })
})
