import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdir, symlink} from 'node:fs/promises'
import path from 'node:path'
import {text} from 'node:stream/consumers'
import {describe, it} from 'mocha'
import {root, until} from '../support/harness.js'
import {filesOf, graphExample, graphSandbox, needsGraphPrograms, succeeds} from '../support/graph-stack.js'

describe('the examples of the graph plugin', function () {
  this.timeout(240_000)

  it('have a test of their own, which passes and leaves nothing', async function () {
    needsGraphPrograms(this)
    await using sandbox = await graphExample()
    const modules = path.join(sandbox.folder, 'node_modules')
    await mkdir(path.join(modules, '@service-harness'), {recursive: true})
    await symlink(root, path.join(modules, '@service-harness', 'cli'))
    await symlink(path.join(root, 'node_modules', 'mocha'), path.join(modules, 'mocha'))
    const before = await filesOf(sandbox)
    const mocha = spawn(process.execPath, [path.join(modules, 'mocha/bin/mocha.js')], {
      cwd: sandbox.folder,
      env: sandbox.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [output, [code]] = await Promise.all([text(mocha.stdout), once(mocha, 'exit') as Promise<[number]>])
    assert.equal(code, 0, output)
    assert.match(output, /1 passing/)
    await until(async () => (await sandbox.processes()).length === 0, 'nothing runs any more')
    assert.deepEqual(await filesOf(sandbox), before)
  })

  for (const file of ['harness.yaml', 'local-network.yaml']) {
    it(`are valid: ${file}`, async () => {
      await using sandbox = await graphSandbox()
      await succeeds(sandbox, 'validate', '--strict', '-c', path.join(root, 'examples/graph', file))
    })
  }
})
