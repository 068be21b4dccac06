import {HarnessError} from '../base/errors.js'
import {toSignal} from '../base/signal-name.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {Session, SessionRequest, WorkloadInput} from '../contract/session.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {liveWorkload} from '../service/live-workload.js'
import {isLive} from '../service/record.js'
import type {ServiceSupervisor} from '../service/supervisor.js'

export interface Attached extends Disposable {
  readonly handle: WorkloadHandle
  readonly input: WorkloadInput | undefined
}

/** What clients do with services that run, past their lifecycle. */
export class StackSessions {
  private readonly opened = new Set<Session>()
  private closed = false

  constructor(
    private readonly catalogue: Catalogue,
    /** The supervisors of services as people name them; SERVICE_UNKNOWN. */
    private readonly find: (names: readonly string[]) => readonly ServiceSupervisor[],
  ) {}

  /**
   * Sends a signal to the program of a service, or to those of its replicas that run. Answers their names. SERVICE_NOT_RUNNING when none
   * does, EXECUTOR_CANNOT, REQUEST_INVALID for what is no signal here.
   */
  async signal(name: string, wanted: string): Promise<readonly string[]> {
    const signal = toSignal(wanted)
    if (signal === undefined) {
      const reason = `this machine has no signal '${wanted}'`
      throw new HarnessError('REQUEST_INVALID', {subject: 'service.signal', reason, hint: 'See `kill -l`.'})
    }
    const services = this.find([name])
    const running = services.filter(({handle}) => handle !== undefined)
    const chosen = running.length > 0 ? running : services.slice(0, 1)
    await Promise.all(chosen.map((service) => this.sendTo(service, signal)))
    return chosen.map((service) => service.name)
  }

  /**
   * Runs a command beside a service, or beside the first of its replicas that runs. What it runs ends with the service. SERVICE_NOT_RUNNING,
   * EXECUTOR_CANNOT.
   */
  async open(name: string, request: SessionRequest): Promise<Session> {
    const service = this.choose(name)
    const handle = liveWorkload(service)
    if (!handle.openSession) {
      const {executor} = handle.save()
      throw cannot(executor, `it runs no commands beside '${service.name}'`, handle)
    }
    const session = await handle.openSession(request)
    if (this.closed) {
      await session[Symbol.asyncDispose]()
      throw new HarnessError('DAEMON_UNREACHABLE', {subject: 'harness daemon', reason: 'it is ending'})
    }
    return this.keep(session, service, handle)
  }

  /**
   * What of a service runs now, and its standard input when that is wanted. To be disposed of. SERVICE_NOT_RUNNING, SERVICE_NO_INPUT,
   * EXECUTOR_CANNOT when nothing of it could be seen or given.
   */
  async attach(name: string, {stdin}: {readonly stdin: boolean}): Promise<Attached> {
    const service = this.choose(name)
    const handle = liveWorkload(service)
    if (stdin && !handle.openInput) throw new HarnessError('SERVICE_NO_INPUT', {subject: service.name})
    if (handle.logs.length === 0) {
      const {executor} = handle.save()
      throw cannot(executor, `it sees nothing of what '${service.name}' prints`, handle)
    }
    const input = stdin ? await handle.openInput?.() : undefined
    return {
      handle,
      input,
      [Symbol.dispose]() {
        input?.[Symbol.dispose]()
      },
    }
  }

  /** Ends what clients run beside services: the daemon ends. */
  async close(): Promise<void> {
    this.closed = true
    await Promise.all([...this.opened].map(ended))
  }

  private keep(session: Session, service: ServiceSupervisor, handle: WorkloadHandle): Session {
    this.opened.add(session)
    const look = (): void => {
      if (service.handle !== handle || !isLive(service.record.state)) void ended(session)
    }
    const watch = service.onChange(look)
    look()
    // It may be of a class: a copy of its fields would have none of its methods.
    return {
      output: session.output,
      ended: session.ended,
      write: (bytes) => session.write(bytes),
      endInput: () => session.endInput(),
      resize: (size) => {
        session.resize(size)
      },
      signal: (signal) => {
        session.signal(signal)
      },
      [Symbol.asyncDispose]: async () => {
        watch[Symbol.dispose]()
        this.opened.delete(session)
        await session[Symbol.asyncDispose]()
      },
    }
  }

  /** The first that runs, or the first. */
  private choose(name: string): ServiceSupervisor {
    const services = this.find([name])
    const chosen = services.find(({handle}) => handle !== undefined) ?? services[0]
    if (chosen) return chosen
    throw new HarnessError('SERVICE_UNKNOWN', {subject: name})
  }

  private async sendTo(service: ServiceSupervisor, signal: NodeJS.Signals): Promise<void> {
    const handle = liveWorkload(service)
    const {executor} = handle.save()
    if (!this.catalogue.executor(executor)?.capabilities.signal || !handle.signal) {
      throw cannot(executor, `it sends no signals to '${service.name}'`, handle)
    }
    await handle.signal(signal)
  }
}

/** What cannot be ended now is found by the end of the service. */
async function ended(session: Session): Promise<void> {
  try {
    await session[Symbol.asyncDispose]()
  } catch {
    return
  }
}

function cannot(executor: string, reason: string, {place}: WorkloadHandle): HarnessError {
  const hint = place.pid === undefined ? undefined : `Its process is ${place.pid}: use \`kill\` and the like.`
  return new HarnessError('EXECUTOR_CANNOT', {subject: executor, reason, ...(hint !== undefined && {hint})})
}
