import assert from 'node:assert/strict'
import {hostname} from 'node:os'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {Leftovers} from '../../../plugins/docker/src/prune/find-leftovers.js'
import {withEngine} from './with-engine.js'

const image = 'busybox:local'
const gone = '/nowhere/run'

describe('harness docker prune', function () {
  this.timeout(60_000)
  const engine = withEngine()

  const labelled = (labels: Readonly<Record<string, string>>): readonly string[] =>
    Object.entries(labels).flatMap(([name, value]) => ['--label', `harness.${name}=${value}`])
  const run = (name: string, labels: Readonly<Record<string, string>>, ...options: readonly string[]) =>
    engine().docker('run', '--detach', '--name', name, ...labelled(labels), ...options, image, 'sleep', '600')
  const make = (name: string, labels: Readonly<Record<string, string>> = {network: name, stack: 'old'}) =>
    engine().docker('network', 'create', ...labelled(labels), name)
  const names = async (...command: readonly string[]): Promise<readonly string[]> =>
    (await engine().docker(...command, '--format', command[0] === 'ps' ? '{{.Names}}' : '{{.Name}}')).split('\n').sort()

  it('removes what harness has left, and nothing else', async () => {
    await using sandbox = await engine().sandbox()
    const web = {target: {type: 'docker', image, command: ['sleep', '600'], init: true}}
    await sandbox.write(JSON.stringify({name: 'shop', services: {web}}))
    assert.equal((await sandbox.run('start')).code, 0)
    await make('left')
    await make('left-too')
    await make('used')
    await make('foreign', {})
    await run('runs', {run: gone, machine: hostname(), stack: 'old'}, '--network', 'left-too')
    await engine().docker('create', '--name', 'never-ran', ...labelled({run: gone, stack: 'old'}), image, 'true')
    await run('kept', {run: sandbox.folder, machine: hostname()})
    await run('elsewhere', {run: gone, machine: 'another.example'})
    await run('plain', {})
    await engine().docker('create', '--name', 'asleep', '--network', 'used', image, 'true')
    const before = [await names('ps', '--all'), await names('network', 'ls')]

    const would = await sandbox.run('docker', 'prune', '--dry-run')
    assert.equal(would.code, 0, would.stderr)
    assert.equal(
      would.stdout,
      ['container never-ran', 'container runs', 'network left', 'network left-too']
        .map((what) => `Would remove ${what}\n`)
        .join(''),
    )
    assert.deepEqual([await names('ps', '--all'), await names('network', 'ls')], before)

    const did = await sandbox.json<Leftovers>('docker', 'prune')
    assert.deepEqual(
      did.containers.map(({name, stack}) => [name, stack]),
      [
        ['never-ran', 'old'],
        ['runs', 'old'],
      ],
    )
    const without = (all: readonly string[] | undefined, ...removed: readonly string[]) =>
      all?.filter((name) => !removed.includes(name))
    assert.deepEqual(await names('ps', '--all'), without(before[0], 'never-ran', 'runs'))
    assert.deepEqual(await names('network', 'ls'), without(before[1], 'left', 'left-too'))
    assert.equal((await sandbox.run('docker', 'prune')).stdout, 'Nothing is left over.\n')
    assert.equal((await sandbox.run('stop')).code, 0)
  })

  it('says why there is no engine', async () => {
    await using sandbox = await engine().sandbox()
    sandbox.variables = {DOCKER_HOST: `unix://${path.join(sandbox.folder, 'none.sock')}`}
    const {code, stderr} = await sandbox.run('docker', 'prune')
    assert.equal(code, 5)
    assert.match(
      stderr,
      /^Error: The engine at .* cannot be used: there is no engine at that place\.\n {2}Start it .*`\.$/m,
    )
  })
})
