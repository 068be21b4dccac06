import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {freePort} from '../support/free-port.js'
import {until, type Sandbox} from '../support/harness.js'
import {graphSandbox, succeeds} from '../support/graph-stack.js'

describe('harness graph, without a stack that runs', function () {
  this.timeout(120_000)

  it('init writes a stack that is valid, and replaces none', async () => {
    await using sandbox = await graphSandbox()
    const {stdout} = await succeeds(sandbox, 'graph', 'init')
    assert.equal(stdout, 'harness.yaml is ready. Next: harness graph up\n')
    await succeeds(sandbox, 'validate', '--strict')
    const file = path.join(sandbox.folder, 'harness.yaml')
    const content = await readFile(file, 'utf8')
    const again = await sandbox.run('graph', 'init')
    assert.equal(again.code, 2)
    assert.match(again.stderr, /harness\.yaml is there already/)
    assert.equal(await readFile(file, 'utf8'), content)
    const other = await succeeds(sandbox, 'graph', 'init', 'My Subgraph')
    assert.match(other.stdout, /^My Subgraph\/harness\.yaml is ready\. Next: harness graph up -c /)
    assert.match(await readFile(path.join(sandbox.folder, 'My Subgraph/harness.yaml'), 'utf8'), /^name: my-subgraph$/m)
  })

  it('finds services by their type, and says what is missing', async () => {
    await using sandbox = await graphSandbox()
    await sandbox.write('services: {web: {type: process, binary: sleep, args: ["9"]}}')
    const none = await sandbox.run('graph', 'mine')
    assert.equal(none.code, 2)
    assert.match(none.stderr, /the stack has no service of type anvil/)
  })

  it('asks which one is meant where there are several', async () => {
    await using sandbox = await graphSandbox()
    await sandbox.write(
      'services: {one: {service_type: anvil, ports: {rpc: 0}}, two: {service_type: anvil, ports: {rpc: 0}}}',
    )
    const several = await sandbox.run('graph', 'mine')
    assert.equal(several.code, 2)
    assert.match(several.stderr, /several services of this type: one, two[^]*--service one/)
    const other = await sandbox.run('graph', 'mine', '--service', 'three')
    assert.match(other.stderr, /the services of type anvil are one, two/)
    const down = await sandbox.run('graph', 'mine', '--service', 'two')
    assert.equal(down.code, 4)
    assert.match(down.stderr, /Service 'two' does not run/)
  })

  it('status is honest of a stack that is not up', async () => {
    await using sandbox = await graphSandbox()
    await succeeds(sandbox, 'graph', 'init')
    const {code, stdout} = await sandbox.run('graph', 'status')
    assert.equal(code, 4)
    assert.match(stdout, /^graph-node +graph-node +NotStarted/m)
    assert.match(stdout, /^No subgraph is deployed\.$/m)
  })

  it('mine takes a number of blocks, and reset something that runs', async () => {
    await using sandbox = await graphSandbox()
    await succeeds(sandbox, 'graph', 'init')
    for (const count of ['0', 'many', '1.5']) {
      const {code, stderr} = await sandbox.run('graph', 'mine', count)
      assert.equal(code, 2, stderr)
      assert.match(stderr, new RegExp(`COUNT: expected a whole number of at least 1, not '${count}'`))
    }
    const {code, stdout, stderr} = await sandbox.run('graph', 'reset', '--yes')
    assert.equal(code, 4, stderr)
    assert.match(stderr, /nothing of the stack runs[^]*harness graph up/)
    assert.equal(stdout, '')
  })

  it('query takes variables that are an object', async () => {
    await using sandbox = await graphSandbox()
    await succeeds(sandbox, 'graph', 'init')
    const {code, stderr} = await sandbox.run('graph', 'query', 'token', '{accounts {id}}', '--variables', '[1]')
    assert.equal(code, 2)
    assert.match(stderr, /expected an object in JSON/)
  })

  it('daemon has a state of its own, and knows the stack of its folder', async () => {
    await using sandbox = await graphSandbox()
    await succeeds(sandbox, 'graph', 'init')
    const port = await freePort()
    const daemon = sandbox.begin('graph', 'daemon', '--endpoint', `127.0.0.1:${port}`)
    const own = {...sandbox.variables, HARNESS_STATE_DIR: `${sandbox.state}-graph`}
    try {
      await until(async () => (await namesOf(sandbox, own)).includes('stack'), 'the daemon knows the stack', 30_000)
      const info = await readFile(path.join(`${sandbox.state}-graph`, 'daemon.json'), 'utf8')
      assert.match(info, new RegExp(`127\\.0\\.0\\.1:${port}`))
    } finally {
      daemon.kill('SIGTERM')
    }
    await until(() => daemon.exitCode !== null, 'the daemon has ended')
    assert.equal(daemon.exitCode, 0)
  })

  it('daemon refuses a stack file that is wrong, at its line', async () => {
    await using sandbox = await graphSandbox()
    await sandbox.write('services:\n  chain:\n    service_type: anvil\n    config: {chain_id: none}\n')
    const {code, stderr} = await sandbox.run('graph', 'daemon', '--endpoint', `127.0.0.1:${await freePort()}`)
    assert.equal(code, 3, stderr)
    assert.match(stderr, /harness\.yaml:4:\d+ .*chain_id/)
  })
})

/** The stacks that a daemon knows; none while there is no daemon. */
async function namesOf(sandbox: Sandbox, variables: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const before = sandbox.variables
  sandbox.variables = variables
  try {
    const {stdout} = await sandbox.run('daemon', 'status', '--json')
    if (!(JSON.parse(stdout) as {running: boolean}).running) return []
    const {stacks} = await sandbox.json<{stacks: readonly {name: string}[]}>('ls')
    return stacks.map(({name}) => name)
  } finally {
    sandbox.variables = before
  }
}
