import {isoTime, type Clock} from '../base/clock.js'
import {newId} from '../base/ids.js'
import type {Lifetime} from '../base/lifetime.js'
import type {Log} from '../base/log.js'
import {ensurePrivateDirectory} from '../base/private-files.js'
import {createRedactor, redactLog, type Redactor} from '../base/redactor.js'
import {Semaphore} from '../base/semaphore.js'
import {statePaths} from '../base/state-directory.js'
import {removeDaemonInfo, writeDaemonInfo} from '../client/info-file.js'
import {readInThread} from '../config/thread/read-in-thread.js'
import type {Catalogue, InstalledPlugin} from '../contract/catalogue.js'
import type {StackDefinition} from '../contract/stack.js'
import {collectPlugins} from '../plugin/host.js'
import {createPluginServices} from '../plugin/plugin-services.js'
import type {PluginSource} from '../plugin/plugin-source.js'
import {watchThread} from '../plugin/thread-watch.js'
import {lentServices} from '../process/lent.js'
import {runCommand} from '../process/run-command.js'
import {protocolVersion} from '../protocol/messages.js'
import type {StateProblem} from '../protocol/methods.js'
import {narrowEnvironment} from '../service/environment.js'
import {savedSecrets, secretValues} from '../stack/caller-env.js'
import {Stacks} from '../stack/stacks.js'
import {openStore} from '../store/open-store.js'
import type {Store} from '../store/store.js'
import {takeOwnership} from '../store/owner-lock.js'
import type {Handle} from '../transport/connection.js'
import {loadIdentity, type Identity} from '../transport/identity.js'
import type {Certificate} from '../transport/load-certificate.js'
import {startServer, type Server, type ServerOptions} from '../transport/server.js'
import type {DaemonContext, DaemonFacts} from './context.js'
import {EventHub} from './event-hub.js'
import {DaemonMetrics} from './metrics/daemon-metrics.js'
import {createInfoKeeper} from './info-keeper.js'
import {keepCertificate} from './keep-certificate.js'
import {answerTo} from './methods/all.js'
import {namePortOwner} from './name-port-owner.js'
import {Once} from './once.js'
import {DaemonTraces} from './traces/daemon-traces.js'
import {stackNames} from './traces/stack-names.js'
import {traceSecrets, withoutTraceSecrets} from './traces/trace-wish.js'
import {watchPlugins} from './watch-plugins.js'

export interface DaemonOptions {
  readonly version: string
  readonly stateDirectory: string
  readonly plugins: readonly PluginSource[]
  /** The user plugins that are installed at this moment. Missing: they cannot change while it runs. */
  readonly findPlugins?: () => Promise<readonly InstalledPlugin[]>
  readonly stacks: readonly StackDefinition[]
  /** `undefined`: only the unix socket. */
  readonly tcp: ServerOptions['tcp']
  readonly clock: Clock
  readonly log: Log
  /** End when nothing is desired up and no client has been there for 5 s. */
  readonly endWhenIdle: boolean
  /** Its end stops all services, unless whoever ends it says otherwise. */
  readonly stopServicesOnExit: boolean
  /** Export spans when the OTEL_* variables of this process say where to. */
  readonly traces: boolean
}

export interface DaemonParts {
  readonly stacks: Stacks
  readonly events: EventHub
  readonly server: Server
  readonly info: () => DaemonFacts
  /** From now on nothing new is begun for anybody. */
  readonly refuseWork: () => void
  /** Hears when a client asks for the end. */
  readonly onShutdown: (listener: DaemonContext['shutdown']) => void
  /** Hears when a client came or left. */
  readonly onConnectionCount: (listener: () => void) => void
}

/** Each has a thread of its own, and memory. */
const readersAtOnce = 2

/** Recovery is usually done in a blink. A host that does not answer must not keep the daemon from answering for all the others. */
const longestSilenceMs = 2000

/**
 * Puts a daemon together, lowest part first: lock, identity and plugins, state, what ran before, listeners, and last the file that
 * clients look for. What was opened is closed with `lifetime`.
 */
export async function assemble(given: DaemonOptions, lifetime: Lifetime): Promise<DaemonParts> {
  const live: Live = {
    server: undefined,
    stacks: undefined,
    store: undefined,
    onShutdown: undefined,
    onConnectionCount: undefined,
    ...announcement(),
  }
  const redactor = createRedactor((text) => live.stacks?.isName(text) ?? false)
  redactor.know(traceSecrets(process.env))
  const options = {...given, log: redactLog(given.log, redactor), redactor}
  const paths = statePaths(options.stateDirectory)
  const epoch = newId()
  // The last to be closed: a collector that does not answer keeps nothing else waiting.
  const traces = lifetime.use(makeTraces(options, {live, epoch}))
  lifetime.use(await takeOwnership(paths))
  const [identity, catalogue] = [await openIdentity(options), await loadPlugins(options)]
  const events = new EventHub(options.clock)
  const metrics = openMetrics(options.version, {live, events, lifetime})
  if (options.traces) await traces.open(process.env)
  lifetime.use(events.subscribe(traces.happened))
  const stacks = await openStacks(options, {catalogue, events, metrics, lifetime, live})
  live.stacks = stacks
  const contents = {catalogue, stacks, events, metrics, traces}
  const context = createContext({...options, epoch, publicKey: identity.publicKey}, contents, live)
  const server = await listen(options, {identity, context, live})
  live.server = lifetime.use(server)
  const startedAt = isoTime(options.clock.now())
  const writeInfo = ({fingerprint256, publicKey}: Certificate): Promise<void> =>
    writeDaemonInfo(paths.directory, {
      pid: process.pid,
      epoch: context.epoch,
      version: options.version,
      protocolVersion,
      socket: paths.socket,
      url: server.url ?? null,
      fingerprint: fingerprint256,
      publicKey,
      startedAt,
    })
  lifetime.defer(() => removeDaemonInfo(paths.directory))
  const info = lifetime.use(createInfoKeeper({...options, write: writeInfo}))
  await info.write(identity).then(live.announce)
  lifetime.use(keepCertificate(identity, {...options, paths, server, onRenewal: (renewed) => info.write(renewed)}))
  return {
    stacks,
    events,
    server,
    info: context.info,
    refuseWork() {
      context.once.close()
    },
    onShutdown(listener) {
      live.onShutdown = listener
    },
    onConnectionCount(listener) {
      live.onConnectionCount = listener
    },
  }
}

function announcement(): Pick<Live, 'announce' | 'announced'> {
  let announce = (): void => undefined
  const announced = new Promise<void>((resolve) => {
    announce = resolve
  })
  return {announced, announce}
}

function openIdentity({stateDirectory, clock, log}: DaemonOptions): Promise<Identity> {
  return loadIdentity(stateDirectory, clock, log)
}

/** What is there only after the methods that use it. */
interface Live {
  server: Server | undefined
  stacks: Stacks | undefined
  store: Store | undefined
  onShutdown: DaemonContext['shutdown'] | undefined
  readonly announced: Promise<void>
  /** Where the daemon listens is written down. */
  readonly announce: () => void
  onConnectionCount: (() => void) | undefined
}

function makeTraces(
  {version, clock, log, redactor}: DaemonOptions & {readonly redactor: Redactor},
  {live, epoch}: {readonly live: Live; readonly epoch: string},
): DaemonTraces {
  const names = stackNames((reference) => live.stacks?.find(reference))
  return new DaemonTraces({version, instance: epoch, clock, log, names, redact: (text) => redactor.text(text)})
}

function openMetrics(
  version: string,
  {live, events, lifetime}: {readonly live: Live; readonly events: EventHub; readonly lifetime: Lifetime},
): DaemonMetrics {
  const metrics = new DaemonMetrics({
    version,
    stacks: () => live.stacks?.all() ?? [],
    clients: () => live.server?.connections ?? 0,
    isWritable: () => live.store?.problem === undefined,
  })
  const heard = events.subscribe((event) => {
    metrics.tally.happened(event)
  })
  lifetime.use(heard)
  return lifetime.use(metrics)
}

interface Listening {
  readonly identity: Identity
  readonly context: DaemonContext
  readonly live: Live
}

async function listen(
  {stateDirectory, tcp, clock, log, redactor}: DaemonOptions & {readonly redactor: Redactor},
  {identity, context, live}: Listening,
): Promise<Server> {
  const {metrics} = context
  try {
    return await startServer({
      ...identity,
      ...{tcp, clock, log, redactor},
      socketPath: statePaths(stateDirectory).socket,
      pages: {'/metrics': () => metrics.read()},
      onAnswer: (method, error) => {
        metrics.tally.answered(method, error)
      },
      onConnection: (connection) => learnSecrets(redactor, answerTo(context, connection)),
      onConnectionCount: () => live.onConnectionCount?.(),
    })
  } catch (error) {
    throw await namePortOwner(error, tcp?.port ?? 0)
  }
}

type Contents = Pick<DaemonContext, 'catalogue' | 'events' | 'metrics' | 'stacks' | 'traces'>

interface StacksParts extends Omit<Contents, 'stacks' | 'traces'> {
  readonly lifetime: Lifetime
  readonly live: Live
}

async function openStacks(
  {clock, log, stateDirectory, stacks: definitions, redactor}: DaemonOptions & {readonly redactor: Redactor},
  {catalogue, events, metrics, lifetime, live}: StacksParts,
): Promise<Stacks> {
  const paths = statePaths(stateDirectory)
  const began = clock.monotonic()
  await ensurePrivateDirectory(paths.runs)
  const store = lifetime.use(await openStore({directory: paths.store, clock, log}))
  live.store = store
  redactor.know(savedSecrets(store))
  const stacks = new Stacks({
    catalogue,
    store,
    clock,
    log,
    runsDirectory: paths.runs,
    hostExec: (command, signal) => runCommand({...command, env: {...hostEnvironment(), ...command.env}}, signal),
    mask: (text) => redactor.text(text),
    onEvent: (event) => {
      events.publish(event)
    },
    onAnswered: metrics.onAnswered,
  })
  lifetime.defer(() => stacks.close())
  const found = new AbortController()
  const silence = clock.sleep(longestSilenceMs, found.signal).catch(() => undefined)
  await Promise.race([stacks.recover(), silence])
  found.abort()
  for (const definition of definitions) await stacks.load(definition)
  log.info('recovered', {stacks: stacks.all().length, ms: Math.round(clock.monotonic() - began)})
  return stacks
}

/** What a client gives as a secret is known before anything is done with it. */
function learnSecrets(redactor: Redactor, handle: Handle): Handle {
  return (method, params, call) => {
    redactor.know(secretValues(params['env']))
    return handle(method, params, call)
  }
}

function createContext(
  options: DaemonOptions & {readonly epoch: string; readonly publicKey: string},
  contents: Contents,
  live: Live,
): DaemonContext {
  const {clock, version, epoch, stateDirectory, log, publicKey} = options
  const startedAt = clock.monotonic()
  const stateProblem = (): StateProblem | null => problemOf(live.store)
  const readers = new Semaphore(readersAtOnce)
  return {
    ...contents,
    version,
    epoch,
    clock,
    log,
    runsDirectory: statePaths(stateDirectory).runs,
    once: new Once(),
    announced: live.announced,
    readStackFile: (order) => readers.run(() => readInThread(order, clock)),
    info: () => ({
      pid: process.pid,
      version,
      epoch,
      uptimeMs: clock.monotonic() - startedAt,
      listeners: live.server?.listeners ?? [],
      publicKey,
      stateDir: stateDirectory,
      stacks: contents.stacks.summaries(),
      problems: contents.catalogue.problems,
      stateProblem: stateProblem(),
    }),
    stateProblem,
    pluginChanges: watchPlugins({...options, catalogue: contents.catalogue, findPlugins: options.findPlugins}),
    shutdown: (how) => live.onShutdown?.(how),
  }
}

function problemOf(store: Store | undefined): StateProblem | null {
  const problem = store?.problem
  return problem ? {code: problem.code, message: problem.message, hint: problem.hint} : null
}

/** Beside nothing else: where one never gives the thread back, what else waits in the queue of this thread is lost with it. */
function loadPlugins({clock, log, plugins, stateDirectory}: DaemonOptions): Promise<Catalogue> {
  const directory = statePaths(stateDirectory).plugins
  const lent = lentServices(clock)
  return collectPlugins(plugins, {
    clock,
    log,
    watch: watchThread,
    servicesFor: (name, layer) => createPluginServices({name, stateDirectory: directory, log, lent, layer}),
  })
}

/** For checks that run beside the daemon: its own environment, without what is harness's or its collector's. */
function hostEnvironment(): Readonly<Record<string, string>> {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return withoutTraceSecrets(narrowEnvironment(Object.fromEntries(own), true))
}
