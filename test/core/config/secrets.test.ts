import assert from 'node:assert/strict'
import {chmodSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {startValues} from '../../../src/core/client/start-values.js'
import {loadStack} from '../../../src/core/config/load-stack.js'
import {loadText, problemsOf, temporaryFolder} from './load.js'

const using1 = (reference: string): string => `services: {api: {type: process, binary: node, ${reference}}}`

async function messages(text: string): Promise<readonly string[]> {
  return (await problemsOf(text)).map(({message}) => message)
}

describe('secrets', () => {
  it('say where they come from, and never their value', async () => {
    const {definition} = await loadText(
      `secrets: {A: {env: A_PW}, B: {file: ./pw}, C: {command: [pass, show, 'a$$b']}, D: {command: show}}\n${using1("env: {PW: 'x\${secret.A}'}")}`,
    )
    assert.deepEqual(definition.secrets, {
      A: {env: 'A_PW'},
      B: {file: '/srv/shop/pw'},
      C: {command: ['pass', 'show', 'a$b']},
      D: {command: ['show']},
    })
    assert.deepEqual(definition.services['api']?.env, {PW: 'x${secret.A}'})
  })

  it('must be declared to be referred to', async () => {
    assert.deepEqual(await messages(`secrets: {TOKEN: {env: T}}\n${using1("env: {PW: '\${secret.TOKN}'}")}`), [
      "The reference '${secret.TOKN}' names a secret that is not there; known are TOKEN.",
    ])
  })

  it('cannot stand where every user of the machine reads them', async () => {
    const secret = "'\${secret.A}'"
    for (const place of [
      `args: [${secret}]`,
      `stop_command: [ctl, ${secret}]`,
      `health_check: {command: [curl, ${secret}]}`,
    ]) {
      const [first = ''] = await messages(`secrets: {A: {env: A}}\n${using1(place)}`)
      assert.match(first, /cannot stand in a command line/, place)
    }
    assert.deepEqual(
      await messages(
        `secrets: {A: {env: A}}\n${using1(`health_check: {http: {url: 'http://x', headers: {Auth: ${secret}}}}`)}`,
      ),
      [],
    )
  })

  it('cannot stand in a variable that a command line would have to hand over', async () => {
    const secrets = 'secrets: {A: {env: A}}\n'
    const odd = "{with.dot: '${secret.A}'}"
    const stacks = [
      using1(`env: ${odd}`),
      using1(`layers: [{type: local, env: ${odd}}]`),
      `services: {api: {type: remote, host: a, binary: node, env: ${odd}}}`,
      `services: {api: {type: package, host: a, package: a.tgz, env: ${odd}}}`,
    ]
    for (const stack of stacks) {
      const [first = ''] = await messages(secrets + stack)
      assert.match(first, /cannot stand in a variable of this name/, stack)
    }
    assert.deepEqual(await messages(`${secrets}services: {api: {type: docker, image: a, env: ${odd}}}`), [])
  })

  it('come from exactly one place', async () => {
    assert.deepEqual(await messages(`secrets: {A: {env: A, file: a}, B: {}, C: value}\n${using1('env: {}')}`), [
      'secrets.A needs exactly one of env, file and command, got env and file.',
      'secrets.B needs exactly one of env, file and command, got none.',
      'secrets.C must be where the secret comes from: {env: VARIABLE}, {file: PATH} or {command: [PROGRAM, …]}, got a value.',
    ])
  })
})

describe('the values of a start', () => {
  it('are the environment over the .env file without what secrets come from, and the secrets that are used', async () => {
    using folder = temporaryFolder({
      '.env': 'A=dotenv\nB=dotenv\nFROM_DOTENV=pw0',
      pw: 'from a file\n',
      'harness.yaml': `secrets: {E: {env: FROM_DOTENV}, F: {file: pw}, C: {command: [sh, -c, 'echo "$$B from a command"; pwd']}, X: {command: ['false']}}
services:
  api: {type: process, binary: node, env: {ONE: '\${secret.E}', TWO: '\${secret.F}', THREE: '\${secret.C}'}}
`,
    })
    const loaded = await loadStack({cwd: folder.path, env: {}})
    const {env, missing, short} = await startValues(loaded, {A: 'caller', HARNESS_X: 'own', PATH: process.env['PATH']})
    const {PATH: _path, ...rest} = env
    assert.deepEqual(rest, {
      A: 'caller',
      B: 'dotenv',
      'secret.E': 'pw0',
      'secret.F': 'from a file',
      'secret.C': `dotenv from a command\n${folder.path}`,
    })
    assert.deepEqual([missing, short], [[], ['E']])
  })

  it('lack what cannot be had, and say why', async () => {
    using folder = temporaryFolder({
      'harness.yaml': `secrets: {E: {env: NONE}, F: {file: gone}, C: {command: [sh, -c, 'echo half; exit 3']}, N: {command: not-there-at-all}, V: {file: void}}
services:
  api: {type: process, binary: node, env: {A: '\${secret.E}\${secret.F}\${secret.C}\${secret.N}\${secret.V}'}}
`,
      void: '\n',
    })
    const loaded = await loadStack({cwd: folder.path, env: {}})
    const {missing} = await startValues(loaded, {PATH: process.env['PATH']})
    const reasons = Object.fromEntries(missing.map(({secret, reason}) => [secret, reason]))
    assert.deepEqual(Object.keys(reasons), ['E', 'F', 'C', 'N', 'V'])
    assert.equal(reasons['E'], 'the variable NONE is not set')
    assert.match(reasons['F'] ?? '', /gone is not there$/)
    assert.match(reasons['C'] ?? '', /^the command sh failed: /)
    assert.match(reasons['N'] ?? '', /^the command not-there-at-all failed: /)
    assert.equal(reasons['V'], 'it is empty')
    assert.equal(JSON.stringify(missing).includes('half'), false)
  })
})

describe('env_file', () => {
  it('lies above the variables of the stack and below those of the service', async () => {
    using folder = temporaryFolder({
      'stack.env': 'A=stack-file\nB=stack-file\nC=stack-file\nD=stack-file',
      'one.env': 'C=one\nD=one\nE=one',
      'two.env': 'D=two # comment\nE="two"',
      'raw.env': 'RAW="quoted" $HOME # all of it',
      'harness.yaml': `
env_file: stack.env
env: {B: stack, C: stack}
services:
  api:
    type: process
    binary: node
    env_file: [one.env, {path: two.env}, {path: gone.env, required: false}, {path: raw.env, format: raw}]
    env: {E: service}
tasks:
  seed: {task_type: command, target: {type: process, binary: node}, env_file: one.env}
`,
    })
    const {definition} = await loadStack({cwd: folder.path, env: {}})
    assert.deepEqual(definition.services['api']?.env, {
      A: 'stack-file',
      B: 'stack',
      C: 'one',
      D: 'two',
      E: 'service',
      RAW: '"quoted" $$HOME # all of it',
    })
    assert.deepEqual(definition.tasks['seed']?.env['E'], 'one')
  })

  it('that cannot be read is a problem of its place', async () => {
    using folder = temporaryFolder({
      'harness.yaml': 'services: {api: {type: process, binary: node, env_file: [gone.env, ., {path: other.env}]}}',
      'secret.env': '',
    })
    await assert.rejects(loadStack({cwd: folder.path, env: {}}), (error: {details: unknown}) => {
      const text = JSON.stringify(error.details)
      assert.match(text, /env_file\[0\] names 'gone.env', which cannot be read: there is no such file/)
      assert.match(text, /env_file\[1\] names '\.', which cannot be read: it is a folder/)
      assert.match(text, /env_file\[2\]\.path names 'other.env'/)
      return true
    })
  })

  it('never shows a line that cannot be read', async () => {
    using folder = temporaryFolder({
      'harness.yaml': 'services: {api: {type: process, binary: node, env_file: bad.env}}',
    })
    writeFileSync(path.join(folder.path, 'bad.env'), 'OK=1\n9 hunter2 is no name\n')
    chmodSync(path.join(folder.path, 'bad.env'), 0o600)
    await assert.rejects(loadStack({cwd: folder.path, env: {}}), (error: {details: unknown; message: string}) => {
      const text = JSON.stringify(error.details) + error.message
      assert.match(text, /"file":"bad.env","line":2/)
      assert.equal(text.includes('hunter2'), false)
      return true
    })
  })
})

describe('networks', () => {
  it('are read with their nodes', async () => {
    const {definition} = await loadText(`
networks:
  local: {type: local, subnet: 127.0.0.0/8}
  lan1: {type: lan, subnet: 192.168.1.0/24, nodes: [{name: worker-1, host: 192.168.1.100, ssh_user: ubuntu, ssh_key: ~/.ssh/id, ssh_port: 2222}]}
  wg: {type: wireguard, subnet: 10.0.0.0/24, config_path: ./wg0.conf, interface: wg0, nodes: [{name: a, address: 10.0.0.2, public_key: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=, endpoint: 'host:51820'}]}
services: {api: {type: process, binary: node, network: lan1}}
`)
    assert.deepEqual(definition.networks, {
      local: {type: 'local', subnet: '127.0.0.0/8', nodes: []},
      lan1: {
        type: 'lan',
        subnet: '192.168.1.0/24',
        nodes: [{name: 'worker-1', host: '192.168.1.100', sshUser: 'ubuntu', sshKey: '~/.ssh/id', sshPort: 2222}],
      },
      wg: {
        type: 'wireguard',
        subnet: '10.0.0.0/24',
        configPath: './wg0.conf',
        interface: 'wg0',
        nodes: [
          {
            name: 'a',
            address: '10.0.0.2',
            publicKey: 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=',
            endpoint: 'host:51820',
          },
        ],
      },
    })
    assert.equal(definition.services['api']?.network, 'lan1')
  })

  it('are refused where a host could be taken for an option', async () => {
    const found = await messages(
      `networks: {n: {type: lan, nodes: [{name: a, host: '-oProxyCommand=x'}, {name: b, host: 'a b'}]}}\n${using1('network: n')}`,
    )
    assert.equal(found.length, 2)
  })
})
