import assert from 'node:assert/strict'
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, it} from 'mocha'
import {openTerminal} from '../../src/cli/terminal.js'
import {openDaemon} from '../../src/cli/with-daemon.js'

describe('a daemon that a command starts inside a service', () => {
  const names = ['HARNESS_INSTANCE', 'HARNESS_STATE_DIR', 'HARNESS_OTHER']
  const before = names.map((name) => [name, process.env[name]] as const)
  let root = ''
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'harness-with-daemon-'))
    await mkdir(path.join(root, 'bin'))
  })
  afterEach(async () => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = value
    }
    await rm(root, {recursive: true})
  })

  it("is no part of that service's tree, which would end with it", async () => {
    const seen = path.join(root, 'seen.json')
    const program = `require('node:fs').writeFileSync(${JSON.stringify(seen)}, JSON.stringify(process.env)); process.exit(3)`
    await writeFile(path.join(root, 'bin', 'run.js'), program)
    const state = path.join(root, 'state')
    Object.assign(process.env, {HARNESS_INSTANCE: 'of-the-service', HARNESS_STATE_DIR: state, HARNESS_OTHER: 'kept'})
    const terminal = openTerminal({json: false, quiet: true, verbose: false, colour: false})
    await assert.rejects(openDaemon({terminal, root, version: '0'}), /ended with code 3/)
    const env = JSON.parse(await readFile(seen, 'utf8')) as Record<string, string>
    assert.deepEqual(
      names.map((name) => env[name]),
      [undefined, state, 'kept'],
    )
  })
})
