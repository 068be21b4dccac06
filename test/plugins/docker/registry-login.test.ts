import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {afterEach, beforeEach, describe, it} from 'mocha'
import type {CommandSpec} from '../../../src/core/contract/command.js'
import type {PluginServices} from '../../../src/core/contract/services.js'
import {registryLogin} from '../../../plugins/docker/src/registry-login.js'
import {never, temporaryFolder} from '../../core/process/temporary.js'

const hub = 'https://index.docker.io/v1/'

describe('the login for the registry of an image', () => {
  const before = process.env['DOCKER_CONFIG']
  let folder: ReturnType<typeof temporaryFolder>
  beforeEach(() => {
    folder = temporaryFolder()
    process.env['DOCKER_CONFIG'] = folder.path
  })
  afterEach(() => {
    folder[Symbol.dispose]()
    if (before === undefined) delete process.env['DOCKER_CONFIG']
    else process.env['DOCKER_CONFIG'] = before
  })

  const config = (content: object): void => {
    writeFileSync(path.join(folder.path, 'config.json'), JSON.stringify(content))
  }
  const nobody = (): never => assert.fail('nobody is to be asked')
  const login = (image: string, run: (command: CommandSpec) => unknown = nobody) =>
    registryLogin(
      image,
      {run: (command: CommandSpec) => Promise.resolve(run(command))} as unknown as PluginServices,
      never,
    )

  it('is none where nothing is remembered', async () => {
    assert.equal(await login('some'), undefined)
    config({auths: {}})
    assert.equal(await login('some'), undefined)
  })

  it('is that of its registry, also with a colon in the password', async () => {
    const auth = (text: string) => ({auth: Buffer.from(text).toString('base64')})
    config({auths: {[hub]: auth('hub:pw'), 'r.example:5000': auth('me:a:b'), localhost: auth('l:p')}})
    const of = async (image: string) => {
      const found = await login(image)
      return found && [found.username, found.password, found.serveraddress]
    }
    assert.deepEqual(await of('postgres:16'), ['hub', 'pw', hub])
    assert.deepEqual(await of('team/image'), ['hub', 'pw', hub])
    assert.deepEqual(await of('docker.io/library/postgres'), ['hub', 'pw', hub])
    assert.deepEqual(await of('index.docker.io/team/image:1'), ['hub', 'pw', hub])
    assert.deepEqual(await of('r.example:5000/image:1'), ['me', 'a:b', 'r.example:5000'])
    assert.deepEqual(await of('localhost/image'), ['l', 'p', 'localhost'])
    assert.equal(await of('other.example/image'), undefined)
  })

  it('is asked of a helper, that of the registry before that of all, and never in a command line', async () => {
    config({credsStore: 'all', credHelpers: {'r.example': 'one'}})
    const asked: unknown[] = []
    const answer = (command: CommandSpec) => {
      asked.push([command.program, command.args, command.stdin])
      return {status: {by: 'code', code: 0}, stdout: '{"Username": "me", "Secret": "s"}', stderr: ''}
    }
    const found = {username: 'me', password: 's', serveraddress: 'r.example'}
    assert.deepEqual(await login('r.example/image', answer), found)
    await login('image', answer)
    assert.deepEqual(asked, [
      ['docker-credential-one', ['get'], {text: 'r.example'}],
      ['docker-credential-all', ['get'], {text: hub}],
    ])
  })

  it('is none where the helper knows none', async () => {
    config({credsStore: 'all'})
    const refused = () => ({status: {by: 'code', code: 1}, stdout: 'credentials not found', stderr: ''})
    assert.equal(await login('image', refused), undefined)
  })
})
