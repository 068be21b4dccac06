import path from 'node:path'
import {systemClock} from '../../../src/core/base/clock.js'
import {silentLog} from '../../../src/core/base/log.js'
import type {Client} from '../../../src/core/client/client.js'
import {openClient} from '../../../src/core/client/open-client.js'
import {loadStack} from '../../../src/core/config/load-stack.js'
import type {ServiceType} from '../../../src/core/contract/service-type.js'
import type {DaemonContext} from '../../../src/core/daemon/context.js'
import {EventHub, type EventListener} from '../../../src/core/daemon/event-hub.js'
import {answerTo} from '../../../src/core/daemon/methods/all.js'
import {DaemonMetrics} from '../../../src/core/daemon/metrics/daemon-metrics.js'
import {DaemonTraces} from '../../../src/core/daemon/traces/daemon-traces.js'
import {stackNames} from '../../../src/core/daemon/traces/stack-names.js'
import {Once} from '../../../src/core/daemon/once.js'
import {converse} from '../../../src/core/transport/conversation.js'
import {memoryPair} from '../../../src/core/transport/memory-pair.js'
import {workbench} from '../stack/workbench.js'

/** An event hub that knows how many hear it. */
class CountingHub extends EventHub {
  subscribers = 0

  override subscribe(listener: EventListener): Disposable {
    const subscription = super.subscribe(listener)
    this.subscribers += 1
    return {
      [Symbol.dispose]: () => {
        this.subscribers -= 1
        subscription[Symbol.dispose]()
      },
    }
  }
}

/** A daemon without a network: its methods over pairs of sockets in memory. With a service type `own` where one is given. */
export async function daemon(serviceType?: Partial<ServiceType>) {
  const bench = await workbench()
  if (serviceType) await bench.withServiceType(serviceType)
  const events = new CountingHub(systemClock)
  const shutdowns: object[] = []
  const context: DaemonContext = {
    version: '1.2.3',
    epoch: 'epoch-1',
    clock: systemClock,
    log: silentLog,
    catalogue: bench.catalogue,
    stacks: bench.stacks,
    runsDirectory: path.join(bench.folder, 'runs'),
    events,
    once: new Once(),
    announced: Promise.resolve(),
    metrics: new DaemonMetrics({
      version: '1.2.3',
      stacks: () => bench.stacks.all(),
      clients: () => 0,
      isWritable: () => true,
    }),
    traces: new DaemonTraces({
      ...{version: '1.2.3', instance: 'epoch-1', clock: systemClock, log: silentLog, redact: (text) => text},
      names: stackNames((reference) => bench.stacks.find(reference)),
    }),
    readStackFile: async (order) => (await loadStack(order)).definition,
    info: () => ({
      pid: process.pid,
      version: '1.2.3',
      epoch: 'epoch-1',
      uptimeMs: 1,
      listeners: [],
      publicKey: 'SHA256:x',
      stateDir: bench.folder,
      stacks: bench.stacks.all().map((stack) => stack.summary()),
      problems: [],
      stateProblem: null,
    }),
    stateProblem: () => null,
    pluginChanges: () => Promise.resolve([]),
    shutdown: (how) => shutdowns.push(how),
  }
  bench.forward = (event) => {
    events.publish(event)
  }
  const clients = new Set<Client>()
  return {
    ...bench,
    bench,
    context,
    shutdowns,
    subscribers: () => events.subscribers,
    async client(): Promise<Client> {
      const [near, far] = memoryPair()
      converse(far, {
        via: 'memory',
        log: silentLog,
        onAnswer: (method, error) => {
          context.metrics.tally.answered(method, error)
        },
        onConnection: (connection) => answerTo(context, connection),
      })
      const client = await openClient(near, {
        address: 'memory',
        client: {name: 'test', version: '0'},
        clock: systemClock,
      })
      clients.add(client)
      return client
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) await client[Symbol.asyncDispose]()
      await bench[Symbol.asyncDispose]()
    },
  }
}
