import {HarnessError} from '../base/errors.js'
import {toSignal} from '../base/signal-name.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {liveWorkload} from '../service/live-workload.js'
import type {ServiceSupervisor} from '../service/supervisor.js'

/** What clients do with services that run, past their lifecycle. */
export class StackSessions {
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

  private async sendTo(service: ServiceSupervisor, signal: NodeJS.Signals): Promise<void> {
    const handle = liveWorkload(service)
    const {executor} = handle.save()
    if (!this.catalogue.executor(executor)?.capabilities.signal || !handle.signal) {
      throw cannot(executor, `it sends no signals to '${service.name}'`, handle)
    }
    await handle.signal(signal)
  }
}

function cannot(executor: string, reason: string, {place}: WorkloadHandle): HarnessError {
  const hint = place.pid === undefined ? undefined : `Its process is ${place.pid}: use \`kill\` and the like.`
  return new HarnessError('EXECUTOR_CANNOT', {subject: executor, reason, ...(hint !== undefined && {hint})})
}
