import type {Clock} from '../../../base/clock.js'
import {messageOf} from '../../../base/errors.js'
import type {LogSource} from '../../../contract/log.js'
import type {PluginServices} from '../../../contract/services.js'
import type {LogSpool} from '../../../contract/spool.js'
import type {Machine} from '../machine.js'
import {plainOutput, type Manager} from '../manager.js'
import type {SystemdState} from '../state.js'
import {journalEntries, type JournalEntry} from './journal-entries.js'
import type {Mark} from './mark.js'
import type {UnitWatch} from './watch.js'

interface JournalOptions {
  readonly state: SystemdState
  readonly mark: Mark
  readonly machine: Machine
  readonly manager: Manager
  readonly services: PluginServices
  readonly clock: Clock
  readonly watch: UnitWatch
  readonly fresh: boolean
}

export interface JournalSpool extends Disposable {
  /** Each with how far it was written before this was opened. */
  readonly logs: readonly {readonly source: LogSource; readonly from: number}[]
  /** Resolves when all that the unit has said is there. Never rejects. */
  readonly drained: Promise<void>
}

const retryMs = 1000
/** For the rest, where the way there may be cut in that moment. */
const farTries = 20
/** So many of the last lines of a unit that ran already. */
const takenOver = 1000
/** How long the journal may take to write down what a program said last, where it cannot be asked to. */
const settleMs = 300

/** The one who writes to a run directory's spool now: who comes later takes over. */
const writers = new Map<string, AbortController>()

/** Copies what a unit says from the journal into the attempt's own log, each entry once, also over restarts of the daemon. */
export async function spoolJournal(options: JournalOptions): Promise<JournalSpool> {
  const {state, services, watch} = options
  const {runDirectory, merge = false, logs} = state
  const spool = services.openSpool({directory: runDirectory, logs: {capture: 'file', merge, ...logs}})
  const written = await Promise.all(
    spool.logs.map(async (source) => ({source, from: options.fresh ? 0 : await source.end()})),
  )
  const closed = new AbortController()
  writers.get(runDirectory)?.abort()
  writers.set(runDirectory, closed)
  const following = new AbortController()
  closed.signal.addEventListener('abort', () => {
    following.abort()
  })
  void watch.ended.then(() => {
    following.abort()
  })
  const drained = pump({...options, spool}, following.signal, closed.signal).finally(() => {
    spool.close()
    if (writers.get(runDirectory) === closed) writers.delete(runDirectory)
  })
  return {
    logs: written,
    drained,
    [Symbol.dispose]() {
      closed.abort()
    },
  }
}

interface PumpOptions extends JournalOptions {
  readonly spool: LogSpool
}

async function pump(options: PumpOptions, following: AbortSignal, closed: AbortSignal): Promise<void> {
  const {services, state, clock} = options
  let warned = false
  while (!following.aborted) {
    try {
      await takeAsLongAsKnown(options, following)
    } catch (error) {
      if (!warned)
        services.log.warn('the journal of a unit cannot be read', {unit: state.unit, reason: messageOf(error)})
      warned = true
    }
    await clock.sleep(retryMs, following).catch(() => undefined)
  }
  if (closed.aborted) return
  for (let tries = options.machine.place === undefined ? 1 : farTries; tries > 0; tries -= 1) {
    try {
      await takeRest(options, closed)
      return
    } catch (error) {
      services.log.debug('the rest of a journal was not read', {unit: state.unit, reason: messageOf(error)})
      await clock.sleep(retryMs, closed).catch(() => undefined)
    }
  }
}

/** The end of a program is told by another way than what it said last: the journal may be behind. */
async function takeRest(options: PumpOptions, closed: AbortSignal): Promise<void> {
  const {manager, clock} = options
  const command = {program: 'journalctl', args: ['--sync'], env: plainOutput}
  const {status} = await manager.host.run(command, closed)
  if (!(status.by === 'code' && status.code === 0)) await clock.sleep(settleMs, closed)
  await take(options, {follow: false, signal: closed})
}

/** Where the way to the machine is cut, nothing of the journal can come, and a new way has to be made. */
async function takeAsLongAsKnown(options: PumpOptions, following: AbortSignal): Promise<void> {
  const {machine, watch} = options
  if (machine.place === undefined) {
    await take(options, {follow: true, signal: following})
    return
  }
  const {reachability} = watch
  const lost = new AbortController()
  using _listening = reachability.onChange(() => {
    if (reachability.current === 'unknown') lost.abort()
  })
  if (reachability.current === 'known') {
    await take(options, {follow: true, signal: AbortSignal.any([following, lost.signal])})
  }
}

async function take(
  {manager, state, spool, mark}: PumpOptions,
  {follow, signal}: {readonly follow: boolean; readonly signal: AbortSignal},
): Promise<void> {
  const cursor = typeof spool.cursor === 'string' ? spool.cursor : undefined
  const from = cursor === undefined ? [`--since=@${(mark.from / 1000).toFixed(3)}`] : [`--after-cursor=${cursor}`]
  const lines = cursor === undefined && mark.takenOver ? [`--lines=${takenOver}`] : follow ? ['--no-tail'] : []
  const args = [
    ...['--quiet', '--all', '--output=json', '--output-fields=MESSAGE', ...from, ...lines],
    ...(follow ? ['--follow'] : []),
    ...matches(state, mark.uid),
  ]
  const printed = manager.host.follow({program: 'journalctl', args, env: plainOutput}, signal)
  for await (const entry of journalEntries(printed)) {
    if (signal.aborted) return
    write(entry, spool)
  }
}

function write({message, time, cursor}: JournalEntry, spool: LogSpool): void {
  spool.write('stdout', Buffer.concat([message, Buffer.from('\n')]), time)
  spool.commit(cursor)
}

/** What the unit's own processes say: not what systemd says of it. Of another user's unit of the same name it is not. */
function matches({scope, unit}: SystemdState, uid = process.getuid?.() ?? 0): readonly string[] {
  if (scope === 'system') return [`_SYSTEMD_UNIT=${unit}`]
  return [`_SYSTEMD_USER_UNIT=${unit}`, `_UID=${uid}`]
}
