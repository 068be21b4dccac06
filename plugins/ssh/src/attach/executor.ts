import type {Executor, SavedHandle, StartContext, StartRequest, WorkloadHandle} from '@service-harness/cli/plugin'
import {fingerprint} from '../remote/fingerprint.js'
import {seatOf} from '../remote/host-schema.js'
import {passphraseFile} from '../remote/passphrase.js'
import type {Shared} from '../shared.js'
import {attachHandle, goneHandle} from './handle.js'
import {attachSpecSchema, type AttachSpec} from './spec.js'
import {attachHandleVersion, attachKind, attachState, savedAttached, type AttachState} from './state.js'

/** Takes processes of other machines that run already into a stack. */
export function remoteAttachExecutor(shared: Shared): Executor<AttachSpec, AttachState> {
  return {
    kind: attachKind,
    capabilities: {exec: false, signal: false, recover: true, ownership: 'attached', local: false, hostPorts: false},
    specSchema: attachSpecSchema,
    handleVersion: attachHandleVersion,
    fingerprint,
    intent: (request) => savedAttached(request.id, attachState(request)),
    start: (request, context) => start(request, context, shared),
    recover: (saved, signal) => recover(saved, shared, signal),
    seat: seatOf,
  }
}

async function start(
  request: StartRequest<AttachSpec>,
  {signal}: StartContext,
  {agents, services}: Shared,
): Promise<WorkloadHandle<AttachState>> {
  const {spec, service, runDirectory} = request
  const {passphrase} = spec
  const state = attachState(request)
  const hold = await agents.hold({...state.host, ...(passphrase !== undefined && {passphrase})})
  try {
    const {agent} = hold
    await agent.connect(signal)
    const {code, text} = await agent.askNow('attach', wordsOf(spec), signal)
    if (code !== 0) {
      throw services.error('SERVICE_START_FAILED', {
        subject: service,
        reason: `${text} on ${agent.host.name}`,
        hint: 'Start the process there first, or correct its target in the stack file.',
      })
    }
    if (passphrase !== undefined) await passphraseFile.write(runDirectory, {passphrase})
    const [pid, tick, boot = '', now] = text.split(' ')
    const process = {boot, pid: Number(pid), tick: Number(tick)}
    return attachHandle({id: request.id, state: {...state, process}, process, now: Number(now), hold}, services)
  } catch (error) {
    hold[Symbol.dispose]()
    throw error
  }
}

function wordsOf(spec: AttachSpec): readonly string[] {
  if ('pid' in spec) return ['pid', String(spec.pid)]
  return 'pid_file' in spec ? ['pid_file', spec.pid_file] : ['process_name', spec.process_name]
}

/** The same process, running or gone; `undefined` when it was never attached. Rejects while the machine is away. */
async function recover(
  {id, state}: SavedHandle<AttachState>,
  {agents, services}: Shared,
  signal: AbortSignal,
): Promise<WorkloadHandle<AttachState> | undefined> {
  const {process} = state
  if (!process) return undefined
  const hold = await agents.hold({...state.host, ...(await passphraseFile.read(state.runDirectory))})
  try {
    await hold.agent.connect(signal)
    const words = [String(process.pid), String(process.tick), process.boot]
    const {code, text} = await hold.agent.askNow('lives', words, signal)
    if (code === 0) return attachHandle({id, state, process, now: Number(text), hold}, services)
    hold[Symbol.dispose]()
    return goneHandle(id, state, services)
  } catch (error) {
    hold[Symbol.dispose]()
    throw error
  }
}
