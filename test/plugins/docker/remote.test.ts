import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {createHash} from 'node:crypto'
import {chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {promisify} from 'node:util'
import {after, before, describe, it} from 'mocha'
import type {StackStatus} from '../../../src/core/contract/status.js'
import type {Sandbox} from '../../support/harness.js'
import {needs} from '../../support/needs.js'
import {hasSshd, startSshd, type Sshd} from '../../support/sshd.js'
import {hasDocker, TestEngine} from './engine.js'

const run = promisify(execFile)

/** An authority, and what it has signed for an engine at 127.0.0.1 and for its users, as the engine's own documentation has it made. */
async function makeKeys(folder: string): Promise<void> {
  mkdirSync(folder)
  const openssl = (...args: readonly string[]) => run('openssl', args, {cwd: folder})
  const key = ['-newkey', 'rsa:2048', '-nodes']
  await openssl('req', '-x509', ...key, '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-subj', '/CN=authority')
  for (const [name, extension] of [
    ['server', 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth'],
    ['', 'extendedKeyUsage=clientAuth'],
  ] as const) {
    const prefix = name === '' ? '' : `${name}-`
    writeFileSync(path.join(folder, 'extension'), extension)
    await openssl('req', ...key, '-keyout', `${prefix}key.pem`, '-out', 'request', '-subj', `/CN=${name || 'client'}`)
    const from = ['-req', '-in', 'request', '-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial']
    await openssl('x509', ...from, '-extfile', 'extension', '-out', `${prefix}cert.pem`)
  }
}

describe('plugins/docker, an engine that is reached', function () {
  this.timeout(60_000)
  let engine: TestEngine
  let sshd: Sshd
  let keys: string
  before(async function () {
    this.timeout(60_000)
    needs(this, hasDocker() && hasSshd(), 'dockerd, docker, busybox-static, openssl and openssh-server, as root')
    engine = await TestEngine.start(async (folder) => {
      keys = path.join(folder, 'keys')
      await makeKeys(keys)
      const at = (name: string): string => path.join(keys, name)
      const tls = ['--tlsverify', '--tlscacert', at('ca.pem')]
      return [
        '--host',
        'tcp://127.0.0.1:2376',
        ...tls,
        '--tlscert',
        at('server-cert.pem'),
        '--tlskey',
        at('server-key.pem'),
      ]
    })
    await engine.importBusybox()
    sshd = await startSshd({port: 2222, enter: engine.inside()})
  })
  after(async () => {
    sshd[Symbol.dispose]()
    await engine.stop()
  })

  async function sandboxWith(variables: NodeJS.ProcessEnv): Promise<Sandbox> {
    const sandbox = await engine.sandbox()
    sandbox.variables = variables
    const web = {type: 'docker', image: 'busybox:local', init: true, command: ['sh', '-c', 'echo hello; sleep 600']}
    await sandbox.write(JSON.stringify({name: 'far', services: {web}}))
    return sandbox
  }

  async function works(sandbox: Sandbox): Promise<void> {
    const started = await sandbox.run('start')
    assert.equal(started.code, 0, started.stderr)
    const inside = await sandbox.run('exec', 'web', '--', 'sh', '-c', 'exit 3')
    assert.equal(inside.code, 3, inside.stderr)
    await sandbox.killDaemon()
    const {services} = await sandbox.json<StackStatus>('status')
    assert.deepEqual(
      services.map(({state, attempt}) => [state, attempt]),
      [['Running', 1]],
    )
    assert.match((await sandbox.run('logs', 'web')).stdout, /│ hello\n$/)
    const stopped = await sandbox.run('stop')
    assert.equal(stopped.code, 0, stopped.stderr)
    assert.equal(await engine.docker('ps', '-aq'), '')
  }

  it('by TLS, with keys of both sides', async () => {
    await using sandbox = await sandboxWith({
      DOCKER_HOST: 'tcp://127.0.0.1:2376',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: keys,
    })
    await works(sandbox)
  })

  it('by TLS, and is not the one that its authority has signed', async () => {
    const others = path.join(engine.folder, 'others')
    await makeKeys(others)
    await using sandbox = await sandboxWith({
      DOCKER_HOST: 'tcp://127.0.0.1:2376',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: others,
    })
    const {code, stderr} = await sandbox.run('start')
    assert.equal(code, 5, stderr)
    assert.match(
      stderr,
      /tcp:\/\/127\.0\.0\.1:2376 \(from DOCKER_HOST\) cannot be used: .*certificate.*\n {2}→ Compare ca\.pem, cert\.pem and key\.pem/,
    )
  })

  it('by TLS, where it asks nobody who they are', async () => {
    const config = path.join(engine.folder, 'config')
    const id = createHash('sha256').update('far').digest('hex')
    const [meta, tls] = [path.join(config, 'contexts/meta', id), path.join(config, 'contexts/tls', id, 'docker')]
    for (const folder of [meta, tls]) mkdirSync(folder, {recursive: true})
    const endpoints = {docker: {Host: 'tcp://127.0.0.1:2376'}}
    writeFileSync(path.join(meta, 'meta.json'), JSON.stringify({Name: 'far', Endpoints: endpoints}))
    copyFileSync(path.join(keys, 'ca.pem'), path.join(tls, 'ca.pem'))
    await using sandbox = await sandboxWith({DOCKER_CONTEXT: 'far', DOCKER_CONFIG: config})
    // This one does ask: it is reached, and says so.
    const {code, stderr} = await sandbox.run('start')
    assert.equal(code, 5, stderr)
    assert.match(stderr, /cannot be used: .*alert (bad certificate|certificate required)/)
  })

  for (const [title, script, why] of [
    ['there is no `ssh`', undefined, /cannot be used: ssh is not installed\./],
    [
      '`ssh` says why not',
      'echo host key verification failed >&2; exit 255',
      /cannot be used: host key verification failed\./,
    ],
  ] as const) {
    it(`by SSH, but ${title}`, async () => {
      await using sandbox = await sandboxWith({})
      const programs = path.join(sandbox.folder, 'programs')
      mkdirSync(programs)
      for (const name of ['nsenter', 'sh', 'flock', 'setsid'])
        symlinkSync(`/usr/bin/${name}`, path.join(programs, name))
      if (script !== undefined) writeFileSync(path.join(programs, 'ssh'), `#!/bin/sh\n${script}\n`, {mode: 0o755})
      sandbox.variables = {DOCKER_HOST: 'ssh://root@127.0.0.1', PATH: programs}
      const {code, stderr} = await sandbox.run('start')
      assert.equal(code, 5, stderr)
      assert.match(stderr, why)
      assert.match(stderr, /→ Try `ssh HOST docker version`/)
    })
  }

  it('by SSH', async () => {
    const folder = path.join(engine.folder, 'ssh')
    mkdirSync(folder)
    // OpenSSH reads the configuration of the user, and not that of a HOME.
    const program = path.join(folder, 'ssh')
    writeFileSync(program, `#!/bin/sh\nexec /usr/bin/ssh -F ${sshd.config} "$@"\n`)
    chmodSync(program, 0o755)
    await using sandbox = await sandboxWith({
      DOCKER_HOST: `ssh://root@127.0.0.1:2222${engine.host.slice('unix://'.length)}`,
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    })
    await works(sandbox)
  })
})
