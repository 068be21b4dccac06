import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {chmod, mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import {describe, it} from 'mocha'
import {root, Sandbox} from '../support/harness.js'
import {useFixturePlugins} from '../support/user-plugins.js'

describe('completion in a shell', function () {
  this.timeout(60_000)

  it('knows commands and their flags, and starts no daemon for the rest', async () => {
    await using sandbox = await Sandbox.make()
    assert.deepEqual(await words(sandbox, 'harness reg'), ['registry'])
    assert.ok((await words(sandbox, 'harness action ')).includes('run'))
    assert.ok((await words(sandbox, 'harness plugins ')).includes('install'))
    assert.ok((await words(sandbox, 'harness action run --')).includes('--param'))
    assert.deepEqual(await words(sandbox, 'harness action run '), [])
    assert.match((await sandbox.run('daemon', 'status')).stdout, /No daemon is running/)
  })

  it('knows the services of the stack, their actions and what those take', async () => {
    await using sandbox = await Sandbox.make()
    await useFixturePlugins(sandbox, ['bad-types'])
    await sandbox.write(
      'services:\n  acts: {service_type: bad-actions}\n  plain: {type: process, binary: sleep, args: ["600"]}\n',
    )
    assert.equal((await sandbox.run('start')).code, 0)
    assert.deepEqual(await words(sandbox, 'harness status '), ['acts', 'plain'])
    assert.deepEqual(await words(sandbox, 'harness action run '), ['acts'])
    assert.deepEqual(await words(sandbox, 'harness action run acts w'), ['well'])
    await sandbox.run('stop')
    await sandbox.run('daemon', 'stop')
  })

  it('is what bash does with the function that is printed', async () => {
    await using sandbox = await Sandbox.make()
    const folder = path.join(sandbox.folder, 'bin')
    await mkdir(folder)
    await writeFile(path.join(folder, 'harness'), `#!/bin/sh\nexec '${process.execPath}' '${root}/bin/run.js' "$@"\n`)
    await chmod(path.join(folder, 'harness'), 0o700)
    const script = `eval "$(harness completion)"
      COMP_LINE='harness regi and more' COMP_POINT=12
      _harness && printf '%s\\n' "\${COMPREPLY[@]}"`
    const {stdout} = await promisify(execFile)('bash', ['-c', script], {
      cwd: sandbox.folder,
      env: {...process.env, HARNESS_STATE_DIR: sandbox.state, PATH: `${folder}:${process.env['PATH']}`},
    })
    assert.equal(stdout, 'registry\n')
  })
})

async function words(sandbox: Sandbox, line: string): Promise<readonly string[]> {
  const {stdout} = await sandbox.run('completion', '--line', line)
  return stdout.split('\n').filter((word) => word !== '')
}
