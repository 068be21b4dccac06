import {setTimeout as sleep} from 'node:timers/promises'
import type {ExitStatus} from '@service-harness/cli/plugin'
import {confirm, takeBack, undo, undoMs, type Trial} from '../install/deploy.js'
import {versionOf} from '../install/state.js'
import {untilHealthy, untilSettled} from '../run/health-watch.js'
import {askerOf, packageHandle} from './handle.js'
import type {Deploying} from './deploying.js'
import {savedOf, type Handle} from './parts.js'
import {phaseFile} from './phase.js'
import type {Program} from './program.js'
import {lastLine} from './seed-output.js'

type Tried = {readonly handle: Handle} | {readonly why: string}

/** Runs a version that has just become current until it is known to be healthy. `why` it is not: it has been ended and taken back. */
export async function tryVersion(deploying: Deploying, trial: Trial, program: Program): Promise<Tried> {
  const {request, parts, place} = deploying
  const {health} = program
  let handle: Handle | undefined
  try {
    await phaseFile.write(request.runDirectory, {is: 'trial'})
    const begun = await begin(deploying, program)
    handle = begun.handle
    const fault = begun.fault ?? (handle && (await verdict(handle, program, deploying)))
    if (fault !== undefined) return {why: await refuse(deploying, trial, {handle, fault})}
    await confirm(place, trial)
    await phaseFile.write(request.runDirectory, {is: 'settled', ...(health && {health})})
  } catch (error) {
    await Promise.race([abandon(deploying, trial, handle), sleep(undoMs, undefined, {ref: false})])
    throw error
  }
  if (!handle) throw new Error('it was healthy and is not there')
  const first = health && ({state: 'healthy', message: 'it was healthy'} as const)
  return {handle: await packageHandle({saved: savedOf(request, parts), handle, health, first}, parts)}
}

/** A program that cannot be run is a fault of the version; a machine that cannot be reached is not. */
async function begin(
  {request, context}: Deploying,
  program: Program,
): Promise<{readonly handle?: Handle; readonly fault?: string}> {
  try {
    return {handle: await program.start(request, context)}
  } catch (error) {
    context.signal.throwIfAborted()
    if (!(error instanceof Error) || (error as NodeJS.ErrnoException).code !== 'SERVICE_START_FAILED') throw error
    return {fault: `could not be started: ${(error as {reason?: string}).reason ?? error.message}`}
  }
}

/** Why it is not healthy; `undefined`: it is. */
async function verdict(handle: Handle, {health}: Program, {place, hold}: Deploying): Promise<string | undefined> {
  const over = new AbortController()
  const ended = handle.wait(over.signal).then(describe)
  ended.catch(() => undefined)
  try {
    const trying = {signal: place.signal, ended, say: place.say}
    if (!health) return await untilSettled(trying)
    return await untilHealthy(health.recipe, askerOf(health, hold), trying)
  } finally {
    over.abort()
  }
}

function describe(status: ExitStatus): string {
  switch (status.by) {
    case 'code':
      return status.startFailure ?? `exit ${status.code}`
    case 'signal':
      return status.signal
    case 'lost':
      return status.reason
  }
}

interface Fault {
  readonly handle: Handle | undefined
  readonly fault: string
}

/** Ends it, makes what was before it current again, and answers why in words. */
async function refuse({request, place}: Deploying, trial: Trial, {handle, fault}: Fault): Promise<string> {
  place.say(`version ${versionOf(trial.id)} ${fault}; taking it back`)
  await handle?.stop({graceMs: request.graceMs})
  const said = handle && (await lastLine(handle.logs))
  handle?.release()
  const reason = `${fault}${said === undefined ? '' : `; it printed last: ${said}`}`
  await takeBack(place, trial, {reason, at: new Date().toISOString()})
  await phaseFile.write(request.runDirectory, {is: 'settled'})
  return `version ${versionOf(trial.id)} ${reason}`
}

/** The start is taken back, or the link is cut: nothing of it is to be left. */
async function abandon({place, parts, request}: Deploying, trial: Trial, handle: Handle | undefined): Promise<void> {
  try {
    await handle?.stop({graceMs: 0})
    await undo(place, trial)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    parts.shared.services.log.warn('a deploy could not be taken back; the next one does', {
      service: request.service,
      reason,
    })
  } finally {
    handle?.release()
  }
}
