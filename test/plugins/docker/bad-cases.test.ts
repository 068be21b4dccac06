import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {chmod, chown, mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {before, describe, it} from 'mocha'
import type {StackStatus} from '../../../src/core/contract/status.js'
import {bin, until, type Ran, type Sandbox} from '../../support/harness.js'
import type {TestEngine} from './engine.js'
import {withEngine} from './with-engine.js'

const image = 'busybox:local'
const nobody = 65_534

/** A stack of one container. */
function stackOf(target: object, service: object = {}): string {
  const web = {target: {type: 'docker', image, command: ['sleep', '600'], init: true, ...target}, ...service}
  return JSON.stringify({name: 'shop', services: {web}})
}

describe('plugins/docker, when something is wrong', function () {
  this.timeout(60_000)
  const theEngine = withEngine()
  let engine: TestEngine

  before(() => {
    engine = theEngine()
  })

  /** What is left in the engine, beside what was there. */
  async function left(...there: readonly string[]): Promise<readonly string[]> {
    const names = await engine.docker('ps', '--all', '--format', '{{.Names}}')
    const networks = await engine.docker('network', 'ls', '--filter', 'label=harness.stack', '--format', '{{.Name}}')
    return [...names.split('\n'), ...networks.split('\n')].filter((name) => name !== '' && !there.includes(name))
  }

  /** Says why once, with what to type, and nothing of how the engine is made. */
  function answers({code, stderr}: Ran, exit: number, why: RegExp, hint: RegExp): void {
    assert.equal(code, exit, stderr)
    const [, failed = '', next = ''] = /^✖ web failed: (.*)\n {2}→ (.*)$/m.exec(stderr) ?? []
    assert.match(failed, why, stderr)
    assert.match(next, hint, stderr)
    assert.match(failed, /[^ .]\.$/)
    assert.doesNotMatch(stderr, /HTTP code|OCI runtime|runc|shim|: unknown\.|undefined|\n\s+at /)
  }

  async function statusOf(sandbox: Sandbox) {
    const {services} = await sandbox.json<StackStatus>('status')
    const [web] = services
    assert.ok(web)
    return web
  }

  it('has no engine', async () => {
    await using sandbox = await engine.sandbox()
    const socket = path.join(sandbox.folder, 'none.sock')
    sandbox.variables = {DOCKER_HOST: `unix://${socket}`}
    await sandbox.write(stackOf({}))
    const ran = await sandbox.run('start')
    answers(
      ran,
      5,
      /none\.sock \(from DOCKER_HOST\) cannot be used: there is no engine at that place/,
      /^Start it \(`sudo systemctl start docker`\)/,
    )
  })

  it('has a DOCKER_HOST that is no address', async () => {
    await using sandbox = await engine.sandbox()
    sandbox.variables = {DOCKER_HOST: 'somewhere'}
    await sandbox.write(stackOf({}))
    const why = /DOCKER_HOST is 'somewhere', where unix:\/\/PATH, tcp:\/\/HOST:PORT or ssh:\/\/USER@HOST is expected/
    answers(await sandbox.run('start'), 5, why, /^Correct DOCKER_HOST/)
  })

  it('may not use the socket', async () => {
    await using sandbox = await engine.sandbox()
    await sandbox.write(stackOf({}))
    const base = path.dirname(sandbox.folder)
    await mkdir(sandbox.state, {mode: 0o700})
    for (const place of [base, sandbox.folder, sandbox.state]) await chown(place, nobody, nobody)
    await chmod(engine.folder, 0o711)
    const as = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups']
    const [program = '', ...args] = engine.inside(...as, process.execPath, bin, 'start')
    const child = spawn(program, args, {cwd: sandbox.folder, env: {...sandbox.env, HOME: base}})
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const [code] = (await once(child, 'close')) as [number]
    answers({code, stdout: '', stderr}, 5, /this user may not use its socket/, /`sudo usermod -aG docker "\$USER"`/)
  })

  it('has no image, and no registry that answers', async () => {
    await using sandbox = await engine.sandbox()
    await sandbox.write(stackOf({image: 'localhost:1/none:latest'}))
    const why = /^the image 'localhost:1\/none:latest' could not be pulled: .*connection refused/
    answers(await sandbox.run('start'), 4, why, /^Try `docker pull localhost:1\/none:latest`/)
    assert.deepEqual(await left(), [])
  })

  it('has no image, and may not fetch it', async () => {
    await using sandbox = await engine.sandbox()
    await sandbox.write(stackOf({image: 'none:latest', pull: 'never'}))
    answers(
      await sandbox.run('start'),
      4,
      /no image 'none:latest', and 'pull: never'/,
      /^Run `docker pull none:latest`/,
    )
  })

  it('has a port that another container has', async () => {
    await using sandbox = await engine.sandbox()
    await engine.docker('run', '--detach', '--name', 'holder', '--publish', '127.0.0.1:18099:80', image, 'sleep', '600')
    await sandbox.write(stackOf({}, {ports: ['18099:80']}))
    const ran = await sandbox.run('start')
    await engine.docker('rm', '--force', 'holder')
    answers(
      ran,
      4,
      /^Port 18099 is in use: by a container, for which pid \d+ listens \(.*docker-proxy/,
      /choose another port, or use 0.*`docker ps --filter publish=18099`/,
    )
    assert.deepEqual(await left(), [])
  })

  it('has a port that a process of this machine has', async () => {
    await using sandbox = await engine.sandbox()
    const script = `require('node:net').createServer().listen(18098, '127.0.0.1', () => console.log('up'))`
    const [program = '', ...args] = engine.inside(process.execPath, '-e', script)
    const holder = spawn(program, args)
    await once(holder.stdout, 'data')
    await sandbox.write(stackOf({}, {ports: ['18098:80']}))
    const ran = await sandbox.run('start')
    holder.kill('SIGKILL')
    answers(ran, 4, new RegExp(`^Port 18098 is in use: by pid ${holder.pid} `), /choose another port, or use 0/)
  })

  it('leaves a container alone that has its name, and is not its own', async () => {
    await using sandbox = await engine.sandbox()
    await sandbox.write(stackOf({image: 'none', pull: 'never'}))
    await sandbox.run('start')
    await sandbox.write(stackOf({}))
    const {stack} = await sandbox.json<StackStatus>('status')
    const name = `${stack}-web-2`
    const id = await engine.docker('run', '--detach', '--name', name, image, 'sleep', '600')
    const ran = await sandbox.run('start')
    assert.equal(await engine.docker('inspect', '--format', '{{.Id}} {{.State.Running}}', name), `${id} true`)
    assert.deepEqual(await left(name), [])
    await engine.docker('rm', '--force', name)
    answers(ran, 4, new RegExp(`there is a container called '${name}'`), new RegExp(`\`docker inspect ${name}\``))
  })

  it('says that it was killed because of its memory', async () => {
    await using sandbox = await engine.sandbox()
    const eat = 'x=aaaaaaaaaaaaaaaa; while :; do x=$$x$$x; done'
    await sandbox.write(stackOf({command: ['sh', '-c', eat], init: false, resources: {memory: '16m'}}))
    await sandbox.run('start')
    await until(async () => (await statusOf(sandbox)).state === 'Failed', 'it is dead')
    const {reason, exit} = await statusOf(sandbox)
    assert.equal(reason, 'killed by SIGKILL: it wanted more memory than it may have')
    assert.deepEqual([exit?.code, exit?.signal], [137, 'SIGKILL'])
    assert.deepEqual(await left(), [])
  })

  it('says that a child was killed because of its memory, also when it ends otherwise', async () => {
    await using sandbox = await engine.sandbox()
    const eat = 'sh -c "x=aaaaaaaaaaaaaaaa; while :; do x=\\$$x\\$$x; done"; exit 3'
    await sandbox.write(stackOf({command: ['sh', '-c', eat], resources: {memory: '16m'}}))
    await sandbox.run('start')
    await until(async () => (await statusOf(sandbox)).state === 'Failed', 'it is dead')
    const {reason} = await statusOf(sandbox)
    assert.equal(reason, 'exit 3: one of its processes wanted more memory than it may have, and was killed')
  })

  for (const [title, volume, why, hint] of [
    [
      'a path that is not there',
      './nowhere:/data',
      /^there is no '.*\/nowhere' to mount/,
      /^Make it, or correct 'volumes'/,
    ],
    [
      'a path that is not there, with a label',
      './nowhere:/data:z',
      /^there is no '.*\/nowhere' to mount/,
      /^Make it, or correct 'volumes'/,
    ],
    ['a target that is no whole path', './:data', /mount path must be absolute/, /SOURCE:TARGET/],
    ['a volume that cannot be called so', 'a/b:/data', /"a\/b" includes invalid characters/, /SOURCE:TARGET/],
  ] as const) {
    it(`mounts ${title}`, async () => {
      await using sandbox = await engine.sandbox()
      await sandbox.write(stackOf({volumes: [volume]}))
      answers(await sandbox.run('start'), 4, why, hint)
      assert.deepEqual(await left(), [])
    })
  }

  for (const [title, target, why, hint] of [
    [
      'a program that its image has not',
      {command: ['nope']},
      /its program cannot be run in 'busybox:local': .*"nope": executable file not found/,
      /^Correct 'command' or 'entrypoint'/,
    ],
    [
      'a folder',
      {command: ['/etc']},
      /its program cannot be run in 'busybox:local': .*permission denied/,
      /^Correct 'command' or 'entrypoint'/,
    ],
    ['nothing', {command: undefined}, /'busybox:local' does not say what to run/, /^Write 'command'/],
    ['as a user that its image has not', {user: 'bob'}, /there is no user 'bob' in 'busybox:local'/, /^Correct 'user'/],
    [
      'in a network that is not there',
      {networks: {lost: {external: true}}},
      /there is no network 'lost'/,
      /`docker network create lost`/,
    ],
  ] as const) {
    it(`runs ${title}`, async () => {
      await using sandbox = await engine.sandbox()
      await sandbox.write(stackOf({init: false, ...target}))
      answers(await sandbox.run('start'), 4, why, hint)
      assert.deepEqual(await left(), [])
    })
  }

  it('never becomes healthy', async () => {
    await using sandbox = await engine.sandbox()
    const check = '{ echo there is no file; exit 1; }'
    await engine.imageWith('never:local', `HEALTHCHECK --interval=200ms --retries=2 CMD test -e /ok || ${check}`)
    await sandbox.write(stackOf({image: 'never:local'}, {startup_timeout: '3s'}))
    const ran = await sandbox.run('start')
    answers(ran, 4, /^not ready after 3\.0 s: there is no file/, /see `harness logs web`, then `harness stop web`/)
    await sandbox.run('stop')
    assert.deepEqual(await left(), [])
  })

  it('is healthy as the stack file says, whatever its image says', async () => {
    await using sandbox = await engine.sandbox()
    await engine.imageWith('sick:local', 'HEALTHCHECK --interval=200ms --retries=1 CMD false')
    const check = {command: 'test', args: ['-e', '/ok'], interval: '200ms'}
    const command = ['sh', '-c', 'sleep 1; touch /ok; sleep 600']
    await sandbox.write(stackOf({image: 'sick:local', command}, {health_check: check}))
    const ran = await sandbox.run('start')
    assert.equal(ran.code, 0, ran.stderr)
    assert.equal((await statusOf(sandbox)).state, 'Running')
    await sandbox.run('stop')
  })

  it('becomes unhealthy, and healthy again', async () => {
    await using sandbox = await engine.sandbox()
    await engine.imageWith(
      'file:local',
      'HEALTHCHECK --interval=200ms --retries=2 CMD test -e /ok || { echo the file is gone; exit 1; }',
    )
    await sandbox.write(stackOf({image: 'file:local', command: ['sh', '-c', 'touch /ok; sleep 600']}))
    const ran = await sandbox.run('start')
    assert.equal(ran.code, 0, ran.stderr)
    await sandbox.run('exec', 'web', '--', 'rm', '/ok')
    await until(async () => (await statusOf(sandbox)).state === 'Unhealthy', 'it is unhealthy')
    assert.equal((await statusOf(sandbox)).health?.message, 'the file is gone')
    await sandbox.run('exec', 'web', '--', 'touch', '/ok')
    await until(async () => (await statusOf(sandbox)).state === 'Running', 'it is healthy')
    await sandbox.run('stop')
  })

  for (const [title, files, why] of [
    [
      'whose step fails',
      {Dockerfile: `FROM ${image}\nRUN echo the disk is on fire >&2; exit 3\n`},
      /returned a non-zero code: 3; it printed: the disk is on fire/,
    ],
    ['whose Dockerfile cannot be read', {Dockerfile: 'FRM nothing\n'}, /parse error line 1: unknown instruction: FRM/],
    ['without a Dockerfile', {}, /Cannot locate specified Dockerfile: Dockerfile/],
    ['from a folder that is not there', undefined, /there is no such folder/],
  ] as const) {
    it(`has a build ${title}`, async () => {
      await using sandbox = await engine.sandbox()
      const folder = path.join(sandbox.folder, 'web')
      if (files) await mkdir(folder)
      for (const [name, text] of Object.entries(files ?? {})) await writeFile(path.join(folder, name), text)
      await sandbox.write(stackOf({image: undefined, build: './web'}))
      const reason = new RegExp(`^its image could not be built from '${folder}': .*${why.source}`)
      answers(await sandbox.run('start'), 4, reason, /^Try `docker build /)
      assert.deepEqual(await left(), [])
    })
  }
})
