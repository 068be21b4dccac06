import {setTimeout as sleep} from 'node:timers/promises'
import type {PluginServices, StopOptions} from '@service-harness/cli/plugin'
import type {Agent} from '../agent/agent.js'
import {wordsOf} from '../problem.js'
import {Deadline} from './deadline.js'
import {endTree, membersIn} from './end-tree.js'
import {endedFile, type Ended, type EndedRun} from './ended.js'
import type {LogPump} from './log-pump.js'
import {parseRun, startOf, timeOf, type FoundRun} from './run-record.js'
import type {RemoteState} from './state.js'

export interface RunParts {
  readonly agent: Agent
  readonly services: PluginServices
  readonly state: RemoteState
  readonly pump: LogPump
  /** Named in errors. */
  readonly service: string
  /** What it said when it could not be run, where `code` within `seconds` may mean that. */
  readonly whyNotStarted: (code: number, seconds: number) => Promise<string | undefined>
}

/** What is known of the end: the exit code of a shell, or why there is none. */
type End =
  | {readonly code: number; readonly at: number; readonly seconds: number}
  | {readonly lost: string; readonly at: number; readonly rebooted?: true}
  | {readonly known: Ended; readonly at: number}

const recordMs = 1000
const lookPauseMs = 50

/** A program under a shim on another machine, running or ended. What there is to do there waits for the link. */
export class RemoteRun implements Disposable {
  readonly startedAt: number
  /** The end of the program itself, once all of its output is here; what it left behind may still be going. */
  readonly ended: Promise<Ended>
  private readonly exited: Promise<End>
  private settle: (end: End) => void = () => undefined
  private end: End | undefined
  private readonly watching: Disposable | undefined
  private readonly deadline = new Deadline()
  private asking: Promise<void> | undefined
  private known: readonly string[] = []
  private sweeping: Promise<void> | undefined
  private whole: Promise<Ended> | undefined
  private removing: Promise<void> = Promise.resolve()

  constructor(
    readonly found: FoundRun,
    private readonly parts: RunParts,
  ) {
    const {agent, state, pump} = parts
    const {shim, program} = found
    this.startedAt = startOf(found)
    this.exited = new Promise((resolve) => {
      this.settle = resolve
    })
    this.ended = this.exited.then((end) => this.describe(end))
    this.judge(found)
    if (this.end) return
    this.watching = agent.watch(state.instance, `${program.pid} ${program.tick} ${shim.pid} ${shim.tick}`, {
      ended: (code, at, now) => {
        this.finish({code, at: timeOf(at, now), seconds: at - program.tick / 100})
      },
      died: () => void this.lookAtDeath().catch(() => undefined),
      grown: () => {
        pump.wake()
      },
    })
  }

  get pid(): number {
    return this.found.program.pid
  }

  get isOver(): boolean {
    return this.end !== undefined
  }

  /** The end, once nothing of it is left. */
  wait(): Promise<Ended> {
    this.whole ??= this.ended
      .then(() => this.swept())
      .then(
        () => this.clear(),
        () => undefined,
      )
      .then(() => this.ended)
    return this.whole
  }

  async stop({graceMs, signal = 'SIGTERM'}: StopOptions): Promise<Ended> {
    if (!this.end) await this.askToEnd(signal.slice(3))
    this.deadline.shorten(graceMs)
    await this.swept()
    return await this.wait()
  }

  [Symbol.dispose](): void {
    this.watching?.[Symbol.dispose]()
    this.deadline[Symbol.dispose]()
  }

  private async askToEnd(signal: string): Promise<void> {
    const {agent, state} = this.parts
    const words = [String(this.pid), String(this.found.program.tick)]
    if (this.asking) {
      await agent.ask('signal', [signal, ...words, 'group'])
      return
    }
    this.asking = agent.ask('stop', [state.instance, signal, ...words]).then(({text}) => {
      this.known = membersIn(text)
    })
    await this.asking
  }

  private swept(): Promise<void> {
    this.sweeping ??= this.sweep().catch((error: unknown) => {
      this.sweeping = undefined
      throw error
    })
    return this.sweeping
  }

  /** Whichever comes first, the end of the program or the deadline of a stop, starts it. */
  private async sweep(): Promise<void> {
    const {agent, services, state, service} = this.parts
    const end = await Promise.race([this.exited, this.deadline.reached.then(() => undefined)])
    await this.asking
    if (end && ('known' in end || 'rebooted' in end)) return
    this.deadline.shorten(state.graceMs)
    await endTree({
      ...{agent, services, subject: service, leader: this.found.program, deadline: this.deadline, known: this.known},
      cookie: `HARNESS_INSTANCE=${state.instance}`,
      groupWasAsked: this.asking !== undefined || (end !== undefined && 'code' in end),
    })
    if (!end) await this.collectRecord()
  }

  /** After a forced end the shim needs a moment to write it down; one that hangs is not waited for. */
  private async collectRecord(): Promise<void> {
    const {agent} = this.parts
    for (let left = recordMs; !this.end && left > 0; left -= lookPauseMs) {
      await this.look()
      if (!this.isOver) await sleep(lookPauseMs)
    }
    if (this.isOver) return
    const {pid, tick} = this.found.shim
    await agent.ask('signal', ['KILL', String(pid), String(tick), 'one'])
    await this.look()
    this.finish({lost: 'the process that watched it wrote no exit code', at: Date.now()})
  }

  private async lookAtDeath(): Promise<void> {
    if (this.end) return
    const known = await endedFile.read(this.parts.state.runDirectory)
    if (known) {
      this.finish({known, at: known.at})
      return
    }
    if (!(await this.look()))
      this.finish({lost: 'its folder there was removed, so its exit code is not known', at: Date.now()})
    this.finish({lost: 'the process that watched it was killed, so its exit code is not known', at: Date.now()})
  }

  /** `false`: there are no records of it. */
  private async look(): Promise<boolean> {
    const {agent, state} = this.parts
    const {code, text} = await agent.ask('look', [state.instance])
    if (code === 0) this.judge(parseRun(text))
    return code === 0
  }

  private judge({exit, boot, now}: FoundRun): void {
    const isSame = boot === now.boot
    if (exit) {
      const at = isSame ? timeOf(exit.at, now.seconds) : Date.now()
      this.finish({code: exit.code, at, seconds: exit.at - this.found.program.tick / 100})
    } else if (!isSame) this.finish({lost: 'the machine was started again', at: Date.now(), rebooted: true})
  }

  private finish(end: End): void {
    if (this.end) return
    this.end = end
    this.watching?.[Symbol.dispose]()
    this.settle(end)
  }

  private async describe(end: End): Promise<Ended> {
    await this.parts.pump.finish().catch((error: unknown) => {
      this.parts.services.log.warn('the last output of a service could not be kept', {reason: wordsOf(error)})
    })
    if ('known' in end) return {status: end.known.status, at: end.known.at}
    if ('lost' in end) {
      return {status: {by: 'lost', reason: end.lost, ...(end.rebooted && {rebooted: true})}, at: end.at}
    }
    const {code, at, seconds} = end
    const startFailure = await this.parts.whyNotStarted(code, seconds).catch(() => undefined)
    return {
      status: startFailure === undefined ? this.parts.services.exitStatus(code) : {by: 'code', code, startFailure},
      at,
    }
  }

  /** Resolves when its folder there is gone, where it has ended and there is a link. */
  get removed(): Promise<void> {
    return this.removing
  }

  /** Writes down how it ended. From then on its folder there is needed no more. */
  private async clear(): Promise<void> {
    if (this.end && 'known' in this.end) return
    const {agent, state, services} = this.parts
    const run = {...(await this.ended), startedAt: this.startedAt, pid: this.pid}
    try {
      await endedFile.write(state.runDirectory, {...run, removed: false})
      this.removing = removeThere(agent, state, run).catch(() => undefined)
    } catch (error) {
      services.log.warn('the end of a service could not be written down', {reason: wordsOf(error)})
    }
  }
}

/** Removes the folder of a run there, once there is a link, and remembers that. */
export async function removeThere(
  agent: Agent,
  {instance, runDirectory}: RemoteState,
  run: Omit<EndedRun, 'removed'>,
): Promise<void> {
  await agent.ask('destroy', [instance])
  if (await endedFile.read(runDirectory)) await endedFile.write(runDirectory, {...run, removed: true})
}
