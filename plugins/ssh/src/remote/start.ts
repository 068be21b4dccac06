import {mkdir} from 'node:fs/promises'
import {setTimeout as sleep} from 'node:timers/promises'
import type {ShimLaunch, StartContext, StartRequest, WorkloadHandle} from '@service-harness/cli/plugin'
import type {HostFields} from '../address/host-fields.js'
import type {Agent} from '../agent/agent.js'
import type {Machine} from '../agent/link.js'
import type {Answer} from '../agent/shell.js'
import type {Shared} from '../shared.js'
import {refuseDatagrams} from '../tunnel/saved-tunnel.js'
import {openTunnel} from '../tunnel/tunnel.js'
import {Deadline} from './deadline.js'
import {endTree} from './end-tree.js'
import {openHandle} from './handle.js'
import {hostOf} from './host-schema.js'
import {placesIn} from './places.js'
import {passphraseFile} from './passphrase.js'
import {findRun} from './recover.js'
import {parseRun, type FoundRun} from './run-record.js'
import type {RemoteSpec} from './spec.js'
import {stateOf, type RemoteState} from './state.js'

type Request = StartRequest<RemoteSpec>

/** What the verb `start` answers. */
const codes = {refused: 1, taken: 3, late: 4} as const
const startMs = 10_000
const pauseMs = 100
/** So long is waited for a machine where a start is to be taken back. */
const abandonMs = 3000
const sayMs = 60_000

export async function startRun(
  request: Request,
  context: StartContext,
  shared: Shared,
): Promise<WorkloadHandle<RemoteState>> {
  const {agents, services} = shared
  const {passphrase} = request.spec
  const state = stateOf(request)
  const hold = await agents.hold(machineOf(request))
  let tunnel: AsyncDisposable | undefined
  try {
    const {agent} = hold
    const machine = await agent.connect(context.signal)
    await mkdir(request.runDirectory, {recursive: true, mode: 0o700})
    if (passphrase !== undefined) await passphraseFile.write(request.runDirectory, {passphrase})
    const launch = await planLaunch(request, {agent, machine, shared, signal: context.signal})
    refuseDatagrams(request, services)
    tunnel =
      state.tunnel &&
      (await openTunnel(state.tunnel, {host: agent.host, backs: hold.backs, services, service: request.service}))
    const found = await begin({agent, launch, machine, request}, context, shared)
    try {
      return await openHandle({id: request.id, state, found, fresh: true, hold, tunnel}, shared)
    } catch (error) {
      await abandon(request, shared)
      throw error
    }
  } catch (error) {
    await tunnel?.[Symbol.asyncDispose]()
    hold[Symbol.dispose]()
    throw error
  }
}

function machineOf(request: Request): HostFields {
  const {passphrase} = request.spec
  return {...hostOf(request), ...(passphrase !== undefined && {passphrase})}
}

interface Planning {
  readonly agent: Agent
  readonly machine: Machine
  readonly shared: Shared
  readonly signal: AbortSignal
}

async function planLaunch(request: Request, {agent, machine, shared, signal}: Planning): Promise<ShimLaunch> {
  const {binary, args = [], working_dir = '.', stdin} = request.spec
  const found = await agent.askNow('check', [working_dir, binary, request.env['PATH'] ?? ''], signal)
  if (found.code !== 0) {
    throw shared.services.error('SERVICE_START_FAILED', {
      subject: request.service,
      reason: `${found.text} on ${agent.host.name}`,
      hint:
        found.code === 2
          ? `Install it there, or correct 'binary' in the stack file.`
          : `Correct 'working_dir' in the stack file.`,
    })
  }
  const {cwd, program} = placesIn(found)
  const env = {PATH: machine.path, ...request.env, PWD: cwd, HARNESS_INSTANCE: request.instance}
  checkText(request, env, shared)
  return {program, args, cwd, env, graceMs: request.graceMs, ...(stdin && {stdin})}
}

function checkText(request: Request, env: Readonly<Record<string, string>>, {services}: Shared): void {
  const odd = Object.entries(env).find(
    ([name, value]) => name === '' || name.includes('=') || `${name}${value}`.includes('\0'),
  )
  const index = (request.spec.args ?? []).findIndex((arg) => arg.includes('\0'))
  const reason = odd
    ? `the environment variable '${odd[0]}' cannot be handed over`
    : index < 0
      ? undefined
      : `argument ${index + 1} contains a NUL byte`
  if (reason !== undefined) throw services.error('SERVICE_START_FAILED', {subject: request.service, reason})
}

interface Beginning {
  readonly agent: Agent
  readonly launch: ShimLaunch
  readonly machine: Machine
  readonly request: Request
}

async function begin(beginning: Beginning, context: StartContext, shared: Shared): Promise<FoundRun> {
  const {services} = shared
  const {agent, request} = beginning
  const {signal} = context
  try {
    const answer = await order(beginning, context, services)
    if (answer.code === 0) return parseRun(answer.text)
    if (answer.code === codes.late) {
      const late = await awaitRecord(agent, request, signal)
      if (late) return late
    }
    const said =
      answer.code === codes.refused ? answer.text : 'the shell there did not get to it; the machine may be overloaded'
    throw services.error('SERVICE_START_FAILED', {subject: request.service, reason: `${said} (${agent.host.name})`})
  } catch (error) {
    await abandon(request, shared)
    throw error
  }
}

/** Given again when the link was cut meanwhile: the second shim finds the claim taken. */
async function order(
  {agent, launch, machine, request}: Beginning,
  context: StartContext,
  services: Shared['services'],
): Promise<Answer> {
  const {instance, graceMs, logs} = request
  const {merge, capture} = logs
  const how = merge ? (capture === 'pipe' ? 'merge-pipe' : 'merge') : capture
  const words = [
    instance,
    services.shim.version,
    String(Math.ceil(graceMs / 100)),
    how,
    services.shim.command(launch, machine),
  ]
  const saying = setInterval(() => {
    context.progress(`${agent.host.name} does not answer; whether the service has begun there is known when it does`)
  }, sayMs)
  try {
    return await agent.ask('start', words, context.signal)
  } finally {
    clearInterval(saying)
  }
}

async function awaitRecord(agent: Agent, {instance}: Request, signal: AbortSignal): Promise<FoundRun | undefined> {
  for (let left = startMs; left > 0; left -= pauseMs) {
    const {code, text} = await agent.ask('look', [instance], signal)
    if (code === 0) return parseRun(text)
    await sleep(pauseMs, undefined, {signal})
  }
  return undefined
}

/** Ends by force what was begun of a start that was given up, and sees to it that it does not come to life later; as soon as the machine can be reached. */
async function abandon(request: Request, shared: Shared): Promise<void> {
  const {services} = shared
  const ending = endBegun(request, shared).catch((error: unknown) => {
    services.log.warn('what was begun of a start may still be there', {service: request.service, reason: String(error)})
  })
  await Promise.race([ending, sleep(abandonMs, undefined, {ref: false})])
}

async function endBegun(request: Request, {agents, services}: Shared): Promise<void> {
  const {instance, service} = request
  // The machine is held until then, and the link waited for.
  using hold = await agents.hold(machineOf(request))
  const {agent} = hold
  await agent.ask('look', [instance])
  const found = await findRun(agent, instance, {service, services, signal: AbortSignal.timeout(60_000)})
  if (!found) return
  using deadline = new Deadline()
  deadline.shorten(0)
  const cookie = `HARNESS_INSTANCE=${instance}`
  await endTree({
    agent,
    services,
    subject: service,
    leader: found.program,
    cookie,
    deadline,
    known: [],
    groupWasAsked: true,
  })
  await agent.ask('destroy', [instance])
}
