import {anySignal} from '../../base/any-signal.js'
import {HarnessError} from '../../base/errors.js'
import {toSignal} from '../../base/signal-name.js'
import type {Session, SessionRequest} from '../../contract/session.js'
import type {SessionEnd} from '../../contract/status.js'
import {abortable} from '../../process/abortable.js'
import type {ExecParams} from '../../protocol/methods.js'
import type {CallChannel} from '../../transport/call-channel.js'
import type {Call, Handlers} from '../../transport/connection.js'
import type {DaemonContext} from '../context.js'
import {attach} from './attach.js'
import {sessionEnd} from './session-end.js'

export type SessionMethods = Pick<Handlers, 'service.attach' | 'service.exec'>

/** What is worked with while it runs. It ends when its client takes it back or leaves. */
export function sessionMethods({stacks}: Pick<DaemonContext, 'stacks'>): SessionMethods {
  return {
    async 'service.exec'({stack, service, ...params}, call) {
      using either = anySignal(call.signal, call.connection.closed)
      await using session = await stacks.find(stack).sessions.open(service, requestOf(params))
      return await carry(session, channelOf(call), either.signal)
    },
    async 'service.attach'({stack, service, stdin, tail = 0}, call) {
      using either = anySignal(call.signal, call.connection.closed)
      using attached = await stacks.find(stack).sessions.attach(service, {stdin})
      return await attach(attached, channelOf(call), {tail, signal: either.signal})
    },
  }
}

function requestOf(params: Omit<ExecParams, 'service'>): SessionRequest {
  const {command, env = {}, cwd, tty, cols = 80, rows = 24} = params
  const [program = '', ...args] = command
  return {program, args, env, ...(cwd !== undefined && {cwd}), ...(tty && {terminal: {columns: cols, rows}})}
}

function channelOf({channel}: Call): CallChannel {
  if (channel) return channel
  throw new HarnessError('INTERNAL', {subject: 'channel', reason: 'a method with streams was called without any'})
}

/** Brings input, output, sizes and signals to and fro until the command has ended and all of its output was taken. */
async function carry(session: Session, channel: CallChannel, signal: AbortSignal): Promise<SessionEnd> {
  const end = (): void => {
    Promise.resolve(session[Symbol.asyncDispose]()).catch(() => undefined)
  }
  signal.throwIfAborted()
  signal.addEventListener('abort', end, {once: true})
  try {
    channel.onControl((control) => {
      if (control.kind === 'resize') session.resize(control.size)
      else {
        const wanted = toSignal(control.signal)
        if (wanted !== undefined) session.signal(wanted)
      }
    })
    channel.opened()
    void feed(session, channel)
    for await (const {stream, bytes} of session.output) await abortable(channel.write(stream, bytes), signal)
    signal.throwIfAborted()
    return sessionEnd(await session.ended)
  } finally {
    signal.removeEventListener('abort', end)
  }
}

async function feed(session: Session, channel: CallChannel): Promise<void> {
  for await (const {bytes} of channel.input) await session.write(bytes)
  await session.endInput()
}
