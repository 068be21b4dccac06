import path from 'node:path'
import {HarnessError} from '../base/errors.js'
import type {Json} from '../base/json.js'
import type {StartRequest} from '../contract/executor.js'
import type {Launch} from '../process/command-file.js'
import {cookieName} from '../process/cookie.js'
import {findProgram, whyNoDirectory} from '../process/find-program.js'
import {serviceEnvironment} from './process/environment.js'

/** What a stack file says of a program of this machine. */
interface ProgramSpec {
  readonly binary: string
  readonly args?: readonly string[]
  readonly working_dir?: string
  readonly stdin?: boolean
}

/** A program of a stack file with all paths absolute, or why it cannot be run. */
export function planLaunch(request: StartRequest<ProgramSpec>): Launch {
  const {binary, args = [], working_dir = '.', stdin} = request.spec
  const cwd = path.resolve(request.directory, working_dir)
  const noDirectory = whyNoDirectory(cwd)
  if (noDirectory !== undefined) throw cannotStart(request, noDirectory, `Correct 'working_dir' in the stack file.`)
  const env = {...serviceEnvironment(request, cwd), [cookieName]: request.instance}
  const found = findProgram(binary, cwd, env)
  if ('reason' in found) {
    const hint = `Install it, or correct 'binary' in the stack file.`
    throw cannotStart(request, found.reason, hint, found.searched === undefined ? undefined : {path: found.searched})
  }
  return {program: found.path, args, cwd, env, graceMs: request.graceMs, ...(stdin && {stdin})}
}

function cannotStart(request: StartRequest, reason: string, hint: string, details?: Json): HarnessError {
  const info = {subject: request.service, reason, hint}
  return new HarnessError('SERVICE_START_FAILED', details === undefined ? info : {...info, details})
}
