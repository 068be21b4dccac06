import {HarnessError, messageOf} from '../base/errors.js'
import {failpoint} from '../base/failpoint.js'
import type {ExitStatus} from '../contract/command.js'
import type {CommandLine} from '../contract/stack.js'
import type {CurrentWorkload} from './current-workload.js'
import {exitReport} from './exit-report.js'
import type {ServiceRecord} from './record.js'
import type {RecordKeeper} from './record-keeper.js'
import {stopWorkload} from './stop-workload.js'
import type {SupervisedService, SupervisorHost} from './supervisor-host.js'
import type {WorkloadFinder} from './workload-finder.js'

export interface EndingParts {
  readonly host: SupervisorHost
  readonly keeper: RecordKeeper
  readonly workload: CurrentWorkload
  readonly finder: WorkloadFinder
  /** As it is defined now. */
  readonly service: () => SupervisedService
}

/** Nothing is left of it. */
interface Ended {
  readonly exit: ServiceRecord['exit']
}

const stopFailed = {code: 'SERVICE_STOP_FAILED', hint: null} as const

/** How what runs of a service is ended, and what its record says of that. */
export class WorkloadEnding {
  /** Aborted once what runs may not take its time any more. A new attempt has a new one. */
  private grace = new AbortController()

  constructor(private readonly parts: EndingParts) {}

  /** What begins now has its whole grace. */
  renewGrace(): void {
    this.grace = new AbortController()
  }

  /** The end that is under way, and every one until the next attempt, is forced at once. */
  hurry(): void {
    this.grace.abort()
  }

  /** Ends what runs. Answers how it ended, where something did. */
  async run(): Promise<ServiceRecord['exit']> {
    const {graceMs, stopSignal: signal, stopCommand} = this.parts.service().definition
    const {clock, log, hostExec} = this.parts.host
    const command = stopCommand && this.filled(stopCommand)
    const status = await this.parts.workload.end(
      (handle) => stopWorkload(handle, {graceMs, signal, command, hurry: this.grace.signal, clock, log, hostExec}),
      // One that could not be found when the daemon came back (its plugin was missing) must not be called stopped unseen.
      async () => {
        const {current, exit} = this.parts.keeper.record
        return current && !exit ? this.parts.finder.find(current) : undefined
      },
    )
    return this.report(status)
  }

  /** From Stopping to Stopped. Throws SERVICE_STOP_FAILED. */
  async finishStop(): Promise<void> {
    const {keeper, service} = this.parts
    try {
      const exit = await this.run()
      failpoint('after-stop')
      await keeper.move('stopped', {exit, overdue: false, failure: null})
    } catch (error) {
      const reason = messageOf(error)
      await keeper.move('stopFailed', {reason, failure: stopFailed})
      throw new HarnessError('SERVICE_STOP_FAILED', {subject: service().name, reason, cause: error})
    }
  }

  /** Before a new attempt of a service that restarts. What cannot be ended is the end of the restart. */
  beforeRestart(): Promise<Ended | undefined> {
    return this.attempt((reason) => this.parts.keeper.move('giveUp', {desired: 'down', reason, failure: stopFailed}))
  }

  /** An earlier stop failed: a second workload must not begin beside what is left of the first. */
  beforeStart(): Promise<Ended | undefined> {
    return this.attempt((reason) => this.parts.keeper.save({desired: 'down', reason}))
  }

  private async attempt(onFailure: (reason: string) => Promise<void>): Promise<Ended | undefined> {
    try {
      return {exit: await this.run()}
    } catch (error) {
      await onFailure(messageOf(error))
      return undefined
    }
  }

  /** References filled in; where one has no value the signal alone must do, and that is said. */
  private filled({program, args}: CommandLine): CommandLine | undefined {
    const {host, keeper} = this.parts
    try {
      return host.fill({program, args: [...args]}, keeper.record.current?.endpoints ?? [])
    } catch (error) {
      host.log.warn('the stop command cannot be run', {service: this.parts.service().name, error: messageOf(error)})
      return undefined
    }
  }

  private report(status: ExitStatus | undefined): ServiceRecord['exit'] {
    return status ? exitReport(status, this.parts.host.clock.now()) : null
  }
}
