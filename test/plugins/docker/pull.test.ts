import assert from 'node:assert/strict'
import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {after, before, describe, it} from 'mocha'
import type {StackStatus} from '../../../src/core/contract/status.js'
import {bin, type Sandbox} from '../../support/harness.js'
import {programAtTerminal, type AtTerminal} from '../../support/pty.js'
import type {TestEngine} from './engine.js'
import {registryAuth, startRegistry} from './registry.js'
import {withEngine} from './with-engine.js'

describe('plugins/docker, images that are pulled', function () {
  this.timeout(60_000)
  const theEngine = withEngine()
  let engine: TestEngine
  let registry: Awaited<ReturnType<typeof startRegistry>>
  before(async () => {
    engine = theEngine()
    registry = await startRegistry(engine)
  })
  after(() => {
    registry[Symbol.dispose]()
  })

  const imageOf = (name: string, {host} = registry): string => `${host}/${name}`

  async function sandboxFor(image: string): Promise<Sandbox> {
    const sandbox = await engine.sandbox()
    await sandbox.write(JSON.stringify({name: 'pulled', services: {web: {type: 'docker', image, init: true}}}))
    return sandbox
  }

  function startAtTerminal(sandbox: Sandbox): AtTerminal {
    const [program = '', ...args] = engine.inside(process.execPath, bin, 'start')
    return programAtTerminal(sandbox, program, args)
  }

  it('show how far they are in the row of their service, and run', async () => {
    await using sandbox = await sandboxFor(imageOf('slow'))
    await using terminal = startAtTerminal(sandbox)
    await terminal.shows(/pulling localhost:\d+\/slow: \d[\d.]* [kKM]i?B of \d[\d.]* Mi?B/)
    assert.equal(await terminal.ended, 0, terminal.text())
    const {services} = await sandbox.json<StackStatus>('status')
    assert.deepEqual(
      services.map(({name, state}) => [name, state]),
      [['web', 'Running']],
    )
    await sandbox.run('stop')
    await engine.docker('rmi', imageOf('slow'))
  })

  it('leave nothing when the start is taken back meanwhile', async () => {
    await using sandbox = await sandboxFor(imageOf('slow'))
    await using terminal = startAtTerminal(sandbox)
    await terminal.shows(/pulling localhost:\d+\/slow: \d/)
    terminal.pty.write('\u0003')
    assert.equal(await terminal.ended, 130, terminal.text())
    const stopped = await sandbox.run('stop')
    assert.equal(stopped.code, 0, stopped.stderr)
    assert.equal(await engine.docker('ps', '-aq'), '')
    assert.equal(await engine.docker('images', '-q', imageOf('slow')), '')
  })

  it('come from a registry that asks for a login with what `docker login` remembers', async () => {
    using asking = await startRegistry(engine, {asks: true})
    await using sandbox = await sandboxFor(imageOf('private', asking))
    const config = path.join(sandbox.folder, 'docker')
    sandbox.variables = {...sandbox.variables, DOCKER_CONFIG: config}
    const refused = await sandbox.run('start')
    assert.equal(refused.code, 4, refused.stderr)
    assert.match(refused.stderr, /could not be pulled: .*(no basic auth|unauthorized|authentication required)/i)
    assert.match(refused.stderr, /`docker login localhost:\d+`/)
    await mkdir(config)
    await writeFile(path.join(config, 'config.json'), JSON.stringify({auths: {[asking.host]: {auth: registryAuth}}}))
    const started = await sandbox.run('start')
    assert.equal(started.code, 0, started.stderr)
    await sandbox.run('stop')
  })

  it('are what others are built from, also where their registry asks for a login', async () => {
    using asking = await startRegistry(engine, {asks: true})
    await using sandbox = await sandboxFor('built:1')
    const config = path.join(sandbox.folder, 'docker')
    sandbox.variables = {...sandbox.variables, DOCKER_CONFIG: config}
    await writeFile(path.join(sandbox.folder, 'Dockerfile'), `FROM ${imageOf('private', asking)} AS base\n`)
    const web = {type: 'docker', build: '.', init: true}
    await sandbox.write(JSON.stringify({name: 'built', services: {web}}))
    await mkdir(config)
    await writeFile(path.join(config, 'config.json'), JSON.stringify({auths: {[asking.host]: {auth: registryAuth}}}))
    const started = await sandbox.run('start')
    assert.equal(started.code, 0, started.stderr)
    await sandbox.run('stop')
  })
})
