import {randomUUID} from 'node:crypto'
import path from 'node:path'
import type {Session, SessionRequest} from '../../contract/session.js'
import {whyNotLaunchable} from '../check-launch.js'
import type {Launch} from '../command-file.js'
import {sessionCookieName} from '../cookie.js'
import {findProgram} from '../find-program.js'
import type {ProcessHost} from '../host.js'
import {openPipeSession} from './pipe-session.js'
import {refusedSession} from './refused-session.js'
import {openTerminalSession} from './terminal-session.js'

/** Runs a command beside a program: in its directory and environment, cookie included, so that it ends with the program at the latest. */
export async function openSession(
  beside: Pick<Launch, 'cwd' | 'env'>,
  request: SessionRequest,
  {host, service}: {readonly host: ProcessHost; readonly service: string},
): Promise<Session> {
  const session = randomUUID()
  const cwd = path.resolve(beside.cwd, request.cwd ?? '.')
  const env = {...beside.env, ...request.env, PWD: cwd, [sessionCookieName]: session}
  const found = findProgram(request.program, cwd, env)
  if ('reason' in found) return refusedSession(127, found.reason)
  const refusal = whyNotLaunchable({args: request.args, cwd, env})
  if (refusal !== undefined) return refusedSession(126, refusal)
  const launch = {
    host,
    service,
    session,
    program: found.path,
    name: request.program,
    args: request.args,
    cwd,
    env,
    ...(request.lead !== undefined && {lead: request.lead}),
  }
  return request.terminal ? openTerminalSession(launch, request.terminal) : openPipeSession(launch)
}
