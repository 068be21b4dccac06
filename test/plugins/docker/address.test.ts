import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {existsSync, mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {engineAddress, machineOf} from '../../../plugins/docker/src/engine/address.js'
import {temporaryFolder} from '../../core/process/temporary.js'

function home() {
  const folder = temporaryFolder()
  const directory = path.join(folder.path, '.docker')
  mkdirSync(directory)
  return {
    path: folder.path,
    directory,
    use: (name: string) => {
      writeFileSync(path.join(directory, 'config.json'), JSON.stringify({currentContext: name}))
    },
    /** Answers the folder of its keys. */
    context: (name: string, Host: string, {tls = false} = {}): string => {
      const id = createHash('sha256').update(name).digest('hex')
      const [meta, keys] = ['meta', 'tls'].map((kind) => path.join(directory, 'contexts', kind, id))
      mkdirSync(meta ?? '', {recursive: true})
      writeFileSync(path.join(meta ?? '', 'meta.json'), JSON.stringify({Name: name, Endpoints: {docker: {Host}}}))
      const place = path.join(keys ?? '', 'docker')
      if (tls) mkdirSync(place, {recursive: true})
      return place
    },
    [Symbol.dispose]: () => {
      folder[Symbol.dispose]()
    },
  }
}

describe('where the engine is', () => {
  it('says DOCKER_HOST, with keys where TLS is asked for', async () => {
    using there = home()
    const at = (env: NodeJS.ProcessEnv) => engineAddress(env, there.path)
    const [host, from] = ['tcp://far:2376', 'DOCKER_HOST']
    assert.deepEqual(await at({DOCKER_HOST: host}), {host, from})
    const tls = {DOCKER_HOST: host, DOCKER_TLS_VERIFY: '1'}
    assert.deepEqual(await at(tls), {host, from, tls: {directory: there.directory}})
    assert.deepEqual(await at({...tls, DOCKER_CERT_PATH: '/keys'}), {host, from, tls: {directory: '/keys'}})
    const unix = 'unix:///run/some.sock'
    assert.deepEqual(await at({...tls, DOCKER_HOST: unix}), {host: unix, from})
  })

  it('is not what no address is', async () => {
    for (const DOCKER_HOST of ['somewhere', 'unix://', 'ftp://x', 'tcp://']) {
      await assert.rejects(engineAddress({DOCKER_HOST}, '/nowhere'), /DOCKER_HOST is '.*', where unix:\/\/PATH/)
    }
  })

  it('says the current context, unless DOCKER_HOST is set, and DOCKER_CONTEXT before both', async () => {
    using there = home()
    there.context('near', 'unix:///near.sock')
    const keys = there.context('far', 'tcp://far:2376', {tls: true})
    there.use('near')
    const near = {host: 'unix:///near.sock', from: "docker context 'near'"}
    assert.deepEqual(await engineAddress({}, there.path), near)
    const both = {DOCKER_HOST: 'ssh://me@there', DOCKER_CONTEXT: 'far'}
    const far = {host: 'tcp://far:2376', from: "docker context 'far'", tls: {directory: keys}}
    assert.deepEqual(await engineAddress(both, there.path), far)
    assert.equal((await engineAddress({DOCKER_HOST: both.DOCKER_HOST}, there.path)).from, 'DOCKER_HOST')
    assert.deepEqual(await engineAddress({DOCKER_CONFIG: there.directory}, '/nowhere'), near)
    await assert.rejects(engineAddress({DOCKER_CONTEXT: 'lost'}, there.path), /no docker context 'lost'/)
  })

  it('says the usual socket, or that of a rootless engine where there is no other', async () => {
    using there = home()
    there.use('default')
    writeFileSync(path.join(there.path, 'docker.sock'), '')
    const usual = '/var/run/docker.sock'
    const rootless = existsSync(usual) ? usual : path.join(there.path, 'docker.sock')
    assert.equal((await engineAddress({}, there.path)).host, `unix://${usual}`)
    assert.equal((await engineAddress({XDG_RUNTIME_DIR: there.path}, there.path)).host, `unix://${rootless}`)
  })

  it('says on which other machine', () => {
    const machines = ['unix:///x', 'tcp://127.0.0.1:1', 'tcp://far:2376', 'ssh://me@there'].map((host) =>
      machineOf({host, from: ''}),
    )
    assert.deepEqual(machines, [undefined, undefined, 'far', 'there'])
  })
})
