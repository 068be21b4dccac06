import path from 'node:path'
import type {PluginServices} from '@service-harness/cli/plugin'
import {readArchive} from '../archive/read-archive.js'
import type {LocalPackage} from '../install/install-version.js'
import {asServiceProblem} from '../problem.js'
import type {Request} from './parts.js'

/** The package of a service, checked file by file. SERVICE_START_FAILED. */
export async function readLocal({spec, service, directory}: Request, services: PluginServices): Promise<LocalPackage> {
  const file = path.resolve(directory, spec.package)
  let found: LocalPackage
  try {
    found = {...(await readArchive(file, spec.package)), file}
  } catch (error) {
    throw asServiceProblem(error, service, services)
  }
  const {version} = found.manifest
  if (spec.version === undefined || spec.version === version) return found
  throw services.error('SERVICE_START_FAILED', {
    subject: service,
    reason: `its package '${spec.package}' is version ${version}, and 'version' says ${spec.version}`,
    hint: "Build that version, or correct 'version' in the stack file.",
  })
}
