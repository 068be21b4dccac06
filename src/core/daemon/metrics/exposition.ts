import {collectDefaultMetrics, Counter, Gauge, Histogram, Registry} from 'prom-client'
import type {AnsweredCheck} from '../../service/attempt-watch.js'
import type {MetricsSource, MetricsText} from './metrics-source.js'
import {otherServices, sampleStacks, type StackSamples} from './service-samples.js'
import type {Counts, Tally} from './tally.js'

/** The metrics of a daemon in the form of prom-client. Loads it: import this module lazily. */
export interface Exposition extends Disposable {
  observe(check: AnsweredCheck): void
  read(): Promise<MetricsText>
}

const checkBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** prom-client counts CPU time from when it is loaded, which is the first scrape: what the daemon has used before belongs to it as well. */
function countFromStart(registry: Registry): void {
  const {user, system} = process.cpuUsage()
  for (const [name, micros] of Object.entries({user, system, '': user + system})) {
    const metric = registry.getSingleMetric(`process_cpu_${name === '' ? '' : `${name}_`}seconds_total`)
    if (metric instanceof Counter) metric.inc(micros / 1e6)
  }
}

export function createExposition(tally: Tally, source: MetricsSource): Exposition {
  const registry = new Registry()
  collectDefaultMetrics({register: registry})
  countFromStart(registry)
  const checks = new Histogram({
    name: 'harness_health_check_duration_seconds',
    help: 'How long health checks took, since the first scrape.',
    labelNames: ['kind', 'outcome'],
    buckets: checkBuckets,
    registers: [registry],
  })
  const stacks = stackMetrics(registry)
  const daemon = daemonMetrics(registry, source.version)
  return {
    observe({kind, ok, durationMs}) {
      checks.observe({kind, outcome: ok ? 'ok' : 'failing'}, durationMs / 1000)
    },
    async read() {
      const samples = await sampleStacks(source.stacks())
      stacks.set(samples, tally)
      daemon.set(tally, source)
      return {contentType: registry.contentType, text: await registry.metrics()}
    },
    [Symbol.dispose]() {
      registry.clear()
    },
  }
}

function stackMetrics(registry: Registry) {
  const registers = [registry]
  const ofService = {labelNames: ['stack', 'service'], registers}
  const byState = {labelNames: ['stack', 'state'], registers}
  const services = new Gauge({name: 'harness_services', help: 'Services by their state.', ...byState})
  const tasks = new Gauge({name: 'harness_tasks', help: 'Tasks by their state.', ...byState})
  const uptime = new Gauge({
    name: 'harness_service_uptime_seconds',
    help: 'How long the workload of a service has run. Missing while none does.',
    ...ofService,
  })
  const logBytes = new Gauge({
    name: 'harness_service_log_bytes',
    help: 'What the running attempt of a service has printed.',
    ...ofService,
  })
  const restarts = new Counter({
    name: 'harness_service_restarts_total',
    help: 'Attempts of a service that followed another one without a stop in between.',
    ...ofService,
  })
  return {
    set(samples: StackSamples, tally: Tally): void {
      for (const metric of [services, tasks, uptime, logBytes]) metric.reset()
      for (const {stack, state} of samples.tasks) tasks.inc({stack, state})
      for (const {stack, service, status, logBytes: bytes} of samples.services) {
        services.inc({stack, state: status.state})
        logBytes.inc({stack, service}, bytes)
        if (status.uptimeMs !== null && service !== otherServices) {
          uptime.set({stack, service}, status.uptimeMs / 1000)
        }
      }
      const named = new Set(samples.services.map(({stack, service}) => `${stack} ${service}`))
      setCounts(restarts, tally.restarts, ({stack, service}) =>
        named.has(`${stack} ${service}`) ? {stack, service} : {stack, service: otherServices},
      )
    },
  }
}

function daemonMetrics(registry: Registry, version: string) {
  const registers = [registry]
  const info = new Gauge({name: 'harness_info', help: 'The version of the daemon.', labelNames: ['version'], registers})
  info.set({version}, 1)
  const clients = new Gauge({name: 'harness_clients', help: 'Clients that are connected.', registers})
  const writable = new Gauge({
    name: 'harness_state_writable',
    help: 'Whether what happens can be written down: 0 after a failed sync, until the daemon is restarted.',
    registers,
  })
  const requests = new Counter({
    name: 'harness_requests_total',
    help: 'Requests by method, and by how they ended: ok or the code of the error.',
    labelNames: ['method', 'outcome'],
    registers,
  })
  const eventsLeftOut = new Counter({
    name: 'harness_events_left_out_total',
    help: 'Events that subscribers did not get because they read too slowly; each of them was told of the gap.',
    registers,
  })
  return {
    set(tally: Tally, source: MetricsSource): void {
      clients.set(source.clients())
      writable.set(source.isWritable() ? 1 : 0)
      setCounts(requests, tally.requests, (labels) => labels)
      eventsLeftOut.reset()
      eventsLeftOut.inc(tally.eventsLeftOut)
    },
  }
}

function setCounts<Of extends Readonly<Record<string, string>>>(
  counter: Counter,
  counts: Counts<Of>,
  labelsOf: (labels: Of) => Readonly<Record<string, string>>,
): void {
  counter.reset()
  for (const {labels, count} of counts.all()) counter.inc(labelsOf(labels), count)
}
