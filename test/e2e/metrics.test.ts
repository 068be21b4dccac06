import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {request} from 'node:http'
import {text} from 'node:stream/consumers'
import {describe, it} from 'mocha'
import {statePaths} from '../../src/core/base/state-directory.js'
import {Sandbox} from '../support/harness.js'

describe('harness daemon metrics', function () {
  this.timeout(60_000)

  it('prints what a GET of /metrics answers with', async () => {
    await using sandbox = await Sandbox.make()
    const none = await sandbox.run('daemon', 'metrics')
    assert.deepEqual([none.code, none.stdout], [7, ''])
    await sandbox.write("name: shop\nservices: {api: {type: process, binary: sleep, args: ['1000']}}\n")
    assert.equal((await sandbox.run('start')).code, 0)
    const {code, stdout} = await sandbox.run('daemon', 'metrics')
    assert.equal(code, 0)
    assert.match(stdout, /^harness_services\{stack="shop-[0-9a-f]+",state="Running"\} 1$/m)
    assert.match(stdout, /^harness_requests_total\{method="service\.start",outcome="ok"\} 1$/m)
    const paths = statePaths(sandbox.state)
    const token = (await readFile(paths.token, 'utf8')).trim()
    const got = await new Promise<string>((resolve, reject) => {
      const headers = {host: 'localhost', authorization: `Bearer ${token}`}
      const asked = request({socketPath: paths.socket, path: '/metrics', headers}, (response) => {
        text(response).then(resolve, reject)
      })
      asked.on('error', reject).end()
    })
    const names = (page: string): readonly string[] => page.split('\n').filter((line) => line.startsWith('# TYPE'))
    assert.deepEqual(names(got), names(stdout))
  })
})
