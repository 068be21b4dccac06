import type {Fallback} from '@service-harness/cli/plugin'
import {readVersion} from '../install/read-version.js'
import {versionOf} from '../install/state.js'
import type {Deploying} from './deploying.js'
import {packageHandle} from './handle.js'
import {besideRequest, savedOf, type Handle} from './parts.js'
import {phaseFile} from './phase.js'
import {programOf} from './program.js'
import {seedOutput} from './seed-output.js'

/** Runs a version that is installed and current. `why`: it is not the one that was asked for. */
export async function runInstalled(deploying: Deploying, id: string, why?: string): Promise<Handle> {
  const {request, context, parts, place} = deploying
  const program = programOf({place, id, manifest: await readVersion(place, id)}, request, parts)
  const {health} = program
  await phaseFile.write(request.runDirectory, {is: 'settled', ...(health && {health})})
  const handle = await program.start(request, context)
  const fallback = why === undefined ? undefined : fallbackFor(deploying, `${why}; version ${versionOf(id)} runs`)
  return await packageHandle({saved: savedOf(request, parts), handle, health, fallback}, parts)
}

/** Runs the version of before in place of the one that was asked for. What that one has printed comes first in the output. */
export async function runBefore(deploying: Deploying, id: string, why: string): Promise<Handle> {
  const {request, context, parts, place} = deploying
  const {services} = parts.shared
  const version = versionOf(id)
  place.say(`${why}; starting version ${version} again`)
  const beside = besideRequest(request)
  try {
    const program = programOf({place, id, manifest: await readVersion(place, id)}, request, parts)
    const {health} = program
    await seedOutput(request, beside, `harness: ${why}; version ${version} runs again`, services)
    await phaseFile.write(request.runDirectory, {is: 'back', ...(health && {health})})
    const handle = await program.start(beside, context)
    const fallback = fallbackFor(deploying, `${why}; version ${version} runs again`)
    return await packageHandle({saved: savedOf(request, parts), handle, health, fallback}, parts)
  } catch (error) {
    context.signal.throwIfAborted()
    await phaseFile.write(request.runDirectory, {is: 'settled'})
    const said = error instanceof Error ? error.message.replace(/\.$/, '') : String(error)
    throw services.error('SERVICE_START_FAILED', {
      subject: request.service,
      reason: `${why}; and version ${version} could not be started again: ${said}`,
      cause: error,
    })
  }
}

function fallbackFor({request: {service}}: Deploying, reason: string): Fallback {
  return {
    reason,
    hint: `See what it printed with \`harness logs ${service}\`. Build a better version, then run \`harness restart ${service}\`.`,
  }
}
