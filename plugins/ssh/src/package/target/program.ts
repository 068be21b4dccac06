import type {StartContext} from '@service-harness/cli/plugin'
import {filesFolder} from '../archive/layout.js'
import {packageEnv} from '../install/deploy.js'
import {names, type Place} from '../install/place.js'
import type {Manifest} from '../manifest.js'
import {expandArgs, expandHealth, programEnv} from '../run/expand.js'
import {remoteRequest, type Handle, type Parts, type Request} from './parts.js'
import type {SavedHealth} from './phase.js'

/** What of an installed version is run, and how it is checked. */
export interface Program {
  /** What it finds in its environment; scripts find the same. */
  readonly env: Readonly<Record<string, string>>
  readonly health: SavedHealth | undefined
  start(request: Request, context: StartContext): Promise<Handle>
}

/** SERVICE_START_FAILED where a variable that the manifest uses has no value. */
export function programOf(
  {place, id, manifest}: {readonly place: Place; readonly id: string; readonly manifest: Manifest},
  request: Request,
  {remote, shared}: Parts,
): Program {
  const {start, binaries, health} = manifest
  const folder = `${place.root}/${names.versions}/${id}/${filesFolder}`
  try {
    const env = programEnv(start, request.env, packageEnv(manifest))
    const {spec} = request
    const {
      binary: named = start.binary,
      working_dir: below = start.workingDir,
      args = expandArgs(start, env),
      stdin,
    } = spec
    const binary = binaryIn(folder, binaries[named] ?? named, Object.hasOwn(binaries, named))
    const working_dir = below === '.' ? folder : `${folder}/${below}`
    const program = {binary, args, working_dir, ...(stdin !== undefined && {stdin})}
    return {
      env,
      health: health && {recipe: expandHealth(health, env), folder: working_dir, env},
      start: (of, context) => remote.start(remoteRequest(of, program, env), context),
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw shared.services.error('SERVICE_START_FAILED', {subject: request.service, reason, cause: error})
  }
}

/** A path in the package, or a program of the machine. */
function binaryIn(folder: string, binary: string, isNamed: boolean): string {
  return isNamed || binary.includes('/') ? `${folder}/${binary.replace(/^\.\//, '')}` : binary
}
