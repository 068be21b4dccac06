import path from 'node:path'
import {HarnessError} from '../base/errors.js'
import type {Json} from '../base/json.js'
import type {StartRequest} from '../contract/executor.js'
import type {Launch} from '../process/command-file.js'
import {cookieName, runDirectoryName} from '../process/cookie.js'
import {findProgram, whyNoDirectory} from '../process/find-program.js'
import {serviceEnvironment} from './process/environment.js'

/** What a stack file says of a program of this machine. */
interface ProgramSpec {
  readonly binary: string
  readonly args?: readonly string[]
  readonly working_dir?: string
  readonly stdin?: boolean
}

/** A program of a stack file with all paths absolute. Throws SERVICE_START_FAILED with why it cannot be run. */
export function planLaunch(request: StartRequest<ProgramSpec>): Launch {
  const {binary, args = [], working_dir = '.', stdin} = request.spec
  const cwd = folderFor(request, working_dir)
  const marks = {[cookieName]: request.instance, [runDirectoryName]: request.runDirectory}
  const env = {...serviceEnvironment(request, cwd), ...marks}
  const program = programFor(request, binary, {cwd, env})
  return {program, args, cwd, env, graceMs: request.graceMs, ...(stdin && {stdin})}
}

/** From the folder of the stack file. Throws when it cannot be entered. */
export function folderFor(request: StartRequest, folder: string): string {
  const cwd = path.resolve(request.directory, folder)
  const noDirectory = whyNoDirectory(cwd)
  if (noDirectory === undefined) return cwd
  throw cannotStart(request, noDirectory, `Correct 'working_dir' in the stack file.`)
}

/** Its absolute path. Throws when it is not there or cannot be run. */
export function programFor(request: StartRequest, binary: string, {cwd, env}: Pick<Launch, 'cwd' | 'env'>): string {
  const found = findProgram(binary, cwd, env)
  if ('path' in found) return found.path
  const hint = `Install it, or correct 'binary' in the stack file.`
  throw cannotStart(request, found.reason, hint, found.searched === undefined ? undefined : {path: found.searched})
}

export function cannotStart(request: StartRequest, reason: string, hint: string, details?: Json): HarnessError {
  const info = {subject: request.service, reason, hint}
  return new HarnessError('SERVICE_START_FAILED', details === undefined ? info : {...info, details})
}
