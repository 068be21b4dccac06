import assert from 'node:assert/strict'
import {readdirSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {findProblems} from '../../../src/core/config/find-problems.js'
import {catalogue} from './catalogue.js'

const folder = path.join(import.meta.dirname, '../../fixtures/older')

/** `line severity CODE path: what to do` of all that is said. */
async function reported(file: string, env: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  const options = {cwd: folder, files: [file], env}
  const {problems} = await findProblems(options, () => Promise.resolve(catalogue))
  return problems.map(
    ({line, severity, code, path: at, suggestion}) =>
      `${line ?? '-'} ${severity} ${code} ${at}${suggestion === undefined ? '' : `: ${suggestion}`}`,
  )
}

const docker = 'run: harness plugins install docker'
const graph = 'run: harness plugins install graph'
const ssh = 'run: harness plugins install ssh'

/** By file and line: which part names a type that is not there, and what to do about it. */
const said: Readonly<Record<string, readonly string[]>> = {
  'two-programs.yaml': [],
  'containers.yaml': [`12 services.database.type: ${docker}`, `30 services.queue.target.type: ${docker}`],
  'addresses.yaml': [`10 services.store.type: ${docker}`],
  'chain.yaml': [
    `7 tasks.deploy-first.task_type: ${graph}`,
    `25 tasks.deploy-second.task_type: ${graph}`,
    `39 services.chain.service_type: ${graph}`,
    `60 services.files.service_type: ${graph}`,
    `63 services.files.target.type: ${docker}`,
    `69 services.indexer.service_type: ${graph}`,
    `72 services.indexer.target.type: ${docker}`,
  ],
  'elsewhere.yaml': [
    "5 services.cache.service_type: leave 'service_type' out: its target says what is run",
    `8 services.cache.target.type: ${docker}`,
    `14 services.agent.service_type: ${graph}`,
    `17 services.agent.target.type: ${ssh}`,
    `30 services.gate.service_type: ${graph}`,
    `32 services.gate.target.type: ${docker}`,
    `40 services.gate-chain.service_type: ${graph}`,
    `48 tasks.publish.task_type: ${graph}`,
  ],
}

describe('a stack file of before the plugins', () => {
  for (const file of readdirSync(folder).filter((each) => each.endsWith('.yaml'))) {
    it(`${file}: only the types that are not installed are reported`, async () => {
      assert.deepEqual(
        await reported(file, {OWNER_KEY: '0x1'}),
        said[file]?.map((each) => each.replace(' ', ' warning CONFIG_UNKNOWN_TYPE ')),
      )
    })
  }

  it('and a variable that is not set', async () => {
    const all = await reported('chain.yaml')
    assert.deepEqual(
      all.filter((each) => !each.includes('CONFIG_UNKNOWN_TYPE')),
      [
        "22 warning CONFIG_UNSET_VARIABLE tasks.deploy-first.config.deployer_key: set OWNER_KEY, or write '${OWNER_KEY:-default}'",
      ],
    )
  })
})
