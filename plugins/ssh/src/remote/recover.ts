import {rm} from 'node:fs/promises'
import {setTimeout as sleep} from 'node:timers/promises'
import type {SavedHandle, WorkloadHandle} from '@service-harness/cli/plugin'
import type {Agent} from '../agent/agent.js'
import type {Shared} from '../shared.js'
import {openAgain} from '../tunnel/tunnel.js'
import {Deadline} from './deadline.js'
import {endTree, membersIn} from './end-tree.js'
import {endedFile} from './ended.js'
import {endedHandle, openHandle} from './handle.js'
import {passphraseFile} from './passphrase.js'
import {parseRun, type FoundRun} from './run-record.js'
import {serviceOf, type RemoteState} from './state.js'

/** A shim that has the claim gets so long to write its record. */
const recordMs = 2000
const pauseMs = 100
/** How long what runs without records may take to end by itself: what it was given in the stack file was lost with them. */
const straysMs = 2000

/** Finds a run again by its folder there. What has ended is known here. Rejects while the machine is away. */
export async function recoverRun(
  {id, state}: SavedHandle<RemoteState>,
  shared: Shared,
  signal: AbortSignal,
): Promise<WorkloadHandle<RemoteState> | undefined> {
  const service = serviceOf(id)
  const ended = await endedFile.read(state.runDirectory)
  if (ended) return await endedHandle(id, state, {shared, ended})
  const hold = await shared.agents.hold({...state.host, ...(await passphraseFile.read(state.runDirectory))})
  try {
    await hold.agent.connect(signal)
    const found = await findRun(hold.agent, state.instance, {service, services: shared.services, signal})
    if (found) {
      const tunnel =
        state.tunnel &&
        openAgain(state.tunnel, {host: hold.agent.host, backs: hold.backs, services: shared.services, service})
      return await openHandle({id, state, found, fresh: false, hold, tunnel}, shared)
    }
    hold[Symbol.dispose]()
    await rm(state.runDirectory, {recursive: true, force: true})
    return undefined
  } catch (error) {
    hold[Symbol.dispose]()
    throw error
  }
}

/** What became of a run that was begun, or was about to be; `undefined` when nothing of it runs and, from this answer on, never will. */
export async function findRun(
  agent: Agent,
  instance: string,
  {
    service,
    services,
    signal,
  }: {readonly service: string; readonly services: Shared['services']; readonly signal: AbortSignal},
): Promise<FoundRun | undefined> {
  for (let left = recordMs; ; left -= pauseMs) {
    const {code, text} = await agent.askNow('find', [instance, left > 0 ? 'wait' : 'force'], signal)
    if (code === 0) return parseRun(text)
    if (code === 2) {
      await sleep(pauseMs, undefined, {signal})
      continue
    }
    const [oldest] = membersIn(text)
      .map((member) => ({pid: Number(member.split(':')[0]), tick: Number(member.split(':')[1])}))
      .sort((one, other) => one.tick - other.tick)
    if (!oldest) return undefined
    using deadline = new Deadline()
    deadline.shorten(straysMs)
    const cookie = `HARNESS_INSTANCE=${instance}`
    await endTree({
      agent,
      services,
      subject: service,
      leader: oldest,
      cookie,
      deadline,
      known: [],
      groupWasAsked: false,
    })
    return undefined
  }
}
