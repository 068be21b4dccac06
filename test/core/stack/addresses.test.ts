import assert from 'node:assert/strict'
import {createServer} from 'node:net'
import {describe, it} from 'mocha'
import type {Catalogue} from '../../../src/core/contract/catalogue.js'
import type {Executor, StartRequest} from '../../../src/core/contract/executor.js'
import type {NetworkSeat} from '../../../src/core/contract/network.js'
import type {Stack} from '../../../src/core/stack/stack.js'
import {file, forever, sh, start, stop, workbench} from './workbench.js'

/** The same types; these services take part in networks in this way, although they are processes of this machine. */
function seating(catalogue: Catalogue, seats: Readonly<Record<string, NetworkSeat>>): Catalogue {
  const executor = (kind: string): Executor | undefined => {
    const found = catalogue.executor(kind)
    return found && {...found, seat: (_spec, {service}) => seats[service] ?? {}}
  }
  return {...catalogue, executor}
}

/** The same, and what each executor is started with, by service. */
function recording(catalogue: Catalogue, requests: Map<string, StartRequest>): Catalogue {
  const executor = (kind: string): Executor | undefined => {
    const found = catalogue.executor(kind)
    return (
      found && {
        ...found,
        start(request, context) {
          requests.set(request.service, request)
          return found.start(request, context)
        },
      }
    )
  }
  return {...catalogue, executor}
}

const dbHost = 'env: {DB: "${db.host}", URL: "${db.url}"}'
const needsDb = 'dependencies: [db]'
const lan = [
  'networks:',
  '  lan:',
  '    type: lan',
  '    nodes:',
  '      - {name: worker-1, host: 192.0.2.11}',
  '      - {name: worker-2, host: 192.0.2.12}',
  '',
].join('\n')

const seenBy = (stack: Stack, service: string): string | undefined => stack.environment(service).env['DB']

describe('the address of a service', () => {
  it('differs by who asks for it', async () => {
    await using bench = await workbench()
    const box: NetworkSeat = {isolated: true, gateway: 'host.internal', networks: {app: 'box'}}
    await bench.again(
      seating(bench.catalogue, {
        box: {...box, networks: {app: 'box'}},
        far: {host: 'worker-1'},
        db: {host: '192.0.2.12', networks: {app: 'db'}},
      }),
    )
    const services = [
      sh('db', forever, 'ports: [0]'),
      sh('near', forever, dbHost, needsDb),
      sh('box', forever, dbHost, needsDb),
      sh('far', forever, dbHost, needsDb),
    ]
    const stack = await bench.load(lan + file(services))
    assert.deepEqual((await start(stack)).failed, [])
    const hosts = Object.fromEntries(['near', 'box', 'far'].map((name) => [name, seenBy(stack, name)]))
    assert.deepEqual(hosts, {near: '192.0.2.12', box: 'db', far: '192.0.2.12'})
    await stop(stack)
  })

  it('that there is no way to fails the start, and says who runs where', async () => {
    await using bench = await workbench()
    await bench.again(seating(bench.catalogue, {far: {host: 'elsewhere.example'}}))
    const stack = await bench.load(file([sh('db', forever, 'ports: [0]'), sh('far', forever, dbHost, needsDb)]))
    const {started, failed} = await start(stack)
    assert.deepEqual(started, ['db'])
    assert.match(failed[0]?.reason ?? '', /'far' runs on elsewhere\.example and 'db' on this machine, and no network/)
    assert.match(failed[0]?.hint ?? '', /under 'networks' in the stack file/)
  })

  it('is for its own checks that by which this machine reaches it, and for itself the one inside', async () => {
    await using bench = await workbench()
    await bench.again(seating(bench.catalogue, {db: {isolated: true}}))
    const probe = 'health_check: {command: test, args: ["${db.host}:${db.port}", "=", "127.0.0.1:18080"], on: host}'
    const stack = await bench.load(
      file([sh('db', forever, 'ports: ["18080:80"]', 'env: {OWN: "${db.host}:${db.port}"}', probe)]),
    )
    assert.deepEqual((await start(stack)).started, ['db'])
    assert.equal(stack.environment('db').env['OWN'], '127.0.0.1:80')
    await stop(stack)
  })
})

describe('a tunnel to another machine', () => {
  const far: NetworkSeat = {host: '192.0.2.11', tunnel: true}
  const services = [
    sh('db', forever, 'ports: [0]'),
    sh('api', forever, 'ports: [18090]', 'env: {DB: "${db.host}:${db.port}", OWN: "${api.port}"}', needsDb),
    sh('same', forever, 'env: {DB: "${api.host}:${api.port}"}', 'dependencies: [api]'),
    sh('web', forever, 'env: {DB: "${api.host}:${api.port}"}', 'dependencies: [api]'),
  ]
  const started = async (bench: Awaited<ReturnType<typeof workbench>>, text: string) => {
    const requests = new Map<string, StartRequest>()
    await bench.again(recording(seating(bench.catalogue, {api: far, same: far}), requests))
    const stack = await bench.load(text)
    assert.deepEqual((await start(stack)).failed, [])
    const seen = Object.fromEntries(['api', 'same', 'web'].map((name) => [name, seenBy(stack, name)]))
    const [endpoint] = requests.get('api')?.endpoints ?? []
    const db = requests.get('db')?.endpoints[0]?.port
    return {stack, requests, seen, endpoint, db, own: stack.environment('api').env['OWN']}
  }

  it('makes its ports those of this machine too, and those of this machine its own', async () => {
    await using bench = await workbench()
    const {stack, requests, seen, endpoint, db, own} = await started(bench, file(services))
    assert.deepEqual([endpoint?.containerPort, own], [18_090, '18090'])
    assert.deepEqual(seen, {
      api: `127.0.0.1:${db ?? ''}`,
      same: '127.0.0.1:18090',
      web: `127.0.0.1:${endpoint?.port ?? ''}`,
    })
    assert.deepEqual(requests.get('api')?.tunnel, {back: [{host: '127.0.0.1', port: db}]})
    assert.deepEqual(requests.get('same')?.tunnel, {back: []})
    assert.equal(requests.get('web')?.tunnel, undefined)
    await stop(stack)
  })

  it('takes another port of this machine where the one that it has there is in use here, and keeps it', async () => {
    await using bench = await workbench()
    const holder = createServer().listen(18_090, '127.0.0.1')
    const {stack, seen, endpoint, own} = await started(bench, file(services))
    assert.notEqual(endpoint?.port, 18_090)
    assert.deepEqual([own, seen['same']], ['18090', '127.0.0.1:18090'])
    assert.equal(seen['web'], `127.0.0.1:${endpoint?.port ?? ''}`)
    await stop(stack)
    holder.close()
    assert.deepEqual((await start(stack)).failed, [])
    assert.equal(seenBy(stack, 'web'), seen['web'])
    await stop(stack)
  })

  it('is not gone through where a network leads, with the ports there', async () => {
    await using bench = await workbench()
    const {stack, requests, seen, db} = await started(bench, lan + file(services))
    assert.equal(seen['web'], '192.0.2.11:18090')
    assert.deepEqual(
      requests.get('api')?.tunnel,
      {back: [{host: '127.0.0.1', port: db}]},
      'it has no address of this machine',
    )
    assert.deepEqual(Object.keys(requests.get('api')?.nodes ?? {}).sort(), ['worker-1', 'worker-2'])
    await stop(stack)
  })

  it('is none where the other machine is this one', async () => {
    await using bench = await workbench()
    const requests = new Map<string, StartRequest>()
    await bench.again(recording(seating(bench.catalogue, {api: {host: '127.0.0.1', tunnel: true}}), requests))
    const stack = await bench.load(file([sh('api', forever, 'ports: [0]')]))
    assert.deepEqual((await start(stack)).failed, [])
    assert.equal(requests.get('api')?.tunnel, undefined)
    await stop(stack)
  })
})

describe('the topology', () => {
  it('has machines, networks and who is where, and says of an executor that it does not answer', async () => {
    await using bench = await workbench()
    const seated = seating(bench.catalogue, {far: {host: 'worker-1'}, box: {isolated: true, networks: {app: 'box'}}})
    const catalogue: Catalogue = {
      ...seated,
      executor(kind) {
        const found = seated.executor(kind)
        if (kind === 'process-attach')
          return found && {...found, networks: () => Promise.reject(new Error('no engine'))}
        if (kind !== 'process') return found
        return found && {...found, networks: () => Promise.resolve([{name: 'app', subnet: '172.18.0.0/16'}])}
      },
    }
    await bench.again(catalogue)
    const stack = await bench.load(lan + file(['far', 'box', 'near'].map((name) => sh(name, forever, 'network: lan'))))
    await start(stack)
    const {hosts, networks, executorNetworks, problems} = await bench.stacks.topology(new AbortController().signal)
    assert.deepEqual(
      hosts.map(({name, reachedBy, services}) => [name, reachedBy, services.map(({service}) => service)]),
      [
        ['this machine', null, ['box', 'near']],
        ['worker-1', '192.0.2.11', ['far']],
        ['worker-2', '192.0.2.12', []],
      ],
    )
    assert.deepEqual(
      networks.map(({name, services, members}) => [name, services, members.slice(1)]),
      [
        [
          'lan',
          ['far', 'box', 'near'],
          [
            {node: 'worker-1', here: false, address: '192.0.2.11', source: 'host'},
            {node: 'worker-2', here: false, address: '192.0.2.12', source: 'host'},
          ],
        ],
      ],
    )
    assert.deepEqual(executorNetworks, [
      {
        ...{executor: 'process', name: 'app', subnet: '172.18.0.0/16', gateway: null},
        services: [{stack: stack.id, stackName: 'demo', service: 'box', address: 'box'}],
      },
    ])
    assert.deepEqual(problems, [{executor: 'process-attach', reason: 'no engine'}])
    const views = stack.addresses('near').map(({here, services, host}) => ({here, services, host}))
    assert.deepEqual(
      views,
      [
        {here: true, services: [], host: '127.0.0.1'},
        {here: false, services: ['far', 'box'], host: null},
      ].flatMap((view) => (view.here ? [view] : view.services.map((service) => ({...view, services: [service]})))),
    )
    await stop(stack)
  })

  it('is told of when the networks of a stack change', async () => {
    await using bench = await workbench()
    const told = () => bench.events.flatMap((event) => (event.topic === 'network.topology' ? [event.networks] : []))
    const one = file([sh('api', forever)])
    await bench.load(one)
    assert.deepEqual(told(), [])
    await bench.load(lan + one)
    await bench.load(lan + one)
    assert.deepEqual(
      told().map((networks) => networks.map(({name}) => name)),
      [['lan']],
    )
    await bench.load(one)
    assert.deepEqual(told().at(-1), [])
  })
})

describe('a node without an address', () => {
  const wg = (subnet: string, ...nodes: readonly string[]): string =>
    [`networks:`, `  wg: {type: wireguard, subnet: ${subnet}, nodes: [${nodes.join(', ')}]}`, ''].join('\n')
  const one = file([sh('api', forever)])

  it('has one leased, which it keeps over daemons and gives back when its stack is forgotten', async () => {
    await using bench = await workbench()
    const leases = () => bench.store.entries('lease/').map(([key, lease]) => [key.split('/').at(-1), lease])
    await bench.load(wg('10.99.0.0/24', '{name: a}', '{name: b}') + one)
    const before = leases()
    assert.deepEqual(before, [
      ['a', {subnet: '10.99.0.0/24', address: '10.99.0.2'}],
      ['b', {subnet: '10.99.0.0/24', address: '10.99.0.3'}],
    ])
    await bench.again()
    await bench.load(wg('10.99.0.0/24', '{name: b}', '{name: c, address: 10.99.0.2}') + one)
    assert.deepEqual(leases(), [['b', {subnet: '10.99.0.0/24', address: '10.99.0.3'}]])
    await bench.load(file([sh('api', forever)], [], 'other'))
    assert.deepEqual(leases(), [])
  })

  it('is an error of the file when the subnet is full, and nothing is changed', async () => {
    await using bench = await workbench()
    const left = await bench.load(wg('10.99.0.0/30', '{name: a}') + one, 'left')
    const before = bench.store.entries('')
    await assert.rejects(
      bench.load(wg('10.99.0.0/30', '{name: b}') + one, 'right'),
      (error: {
        code: string
        message: string
        details: {diagnostics: readonly {pointer: string; suggestion?: string}[]}
      }) => {
        assert.equal(error.code, 'CONFIG_INVALID')
        assert.match(
          error.message,
          /networks\.wg\.nodes\[0\] cannot have an address: 10\.99\.0\.0\/30 has no address left/,
        )
        assert.deepEqual(
          error.details.diagnostics.map(({pointer}) => pointer),
          ['/networks/wg/nodes/0'],
        )
        assert.ok(error.message.includes(`; stack '${left.id}' holds 1`), error.message)
        assert.match(
          error.details.diagnostics[0]?.suggestion ?? '',
          new RegExp(`, or free what a stack holds that is no longer needed: harness forget --stack ${left.id}$`),
        )
        return true
      },
    )
    assert.deepEqual(bench.store.entries(''), before)
    await bench.stacks.forget(left)
    await bench.load(wg('10.99.0.0/30', '{name: b}') + one, 'right')
  })

  it('is refused an address that a stack holds which runs, and says to stop that first', async () => {
    await using bench = await workbench()
    const left = await bench.load(wg('10.99.0.0/30', '{name: a}') + one, 'left')
    await start(left)
    await assert.rejects(
      bench.load(wg('10.99.0.0/30', '{name: b, address: 10.99.0.2}') + one, 'right'),
      (error: {details: {diagnostics: readonly {suggestion?: string}[]}}) => {
        const hint = `: harness stop --stack ${left.id} && harness forget --stack ${left.id}`
        assert.ok(error.details.diagnostics[0]?.suggestion?.endsWith(hint), JSON.stringify(error.details))
        return true
      },
    )
    await stop(left)
  })
})
