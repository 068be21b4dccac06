import {mkdir} from 'node:fs/promises'
import {hostname, userInfo} from 'node:os'
import type {StartContext} from '@service-harness/cli/plugin'
import {hostOf} from '../../remote/host-schema.js'
import {deploy, tidy, type DeployOptions, type Trial} from '../install/deploy.js'
import {DeployProblem} from '../install/deploy-problem.js'
import type {LocalPackage} from '../install/install-version.js'
import {lockPlace} from '../install/lock.js'
import {makePlace} from '../install/place.js'
import {readVersion} from '../install/read-version.js'
import {versionId, versionOf, type Installed} from '../install/state.js'
import type {Deploying} from './deploying.js'
import type {Handle, Parts, Request} from './parts.js'
import {programOf} from './program.js'
import {readLocal} from './read-local.js'
import {runBefore, runInstalled} from './run-installed.js'
import {tryVersion} from './try-version.js'

/**
 * Installs the version that the stack file names, unless it is there, and runs it. It has started when it is healthy; where it is not, or cannot be
 * installed, the version before runs again, and the handle says so.
 */
export async function startPackage(request: Request, context: StartContext, parts: Parts): Promise<Handle> {
  const {agents, services} = parts.shared
  const {signal} = context
  const {passphrase, install_path} = request.spec
  const say = (message: string): void => {
    context.progress(message)
  }
  const found = await readLocal(request, services)
  const machine = hostOf(request)
  using _turn = await parts.turns.take(JSON.stringify(machine), signal, () => {
    say(`waiting for other deploys to ${machine.host}`)
  })
  using hold = await agents.hold({...machine, ...(passphrase !== undefined && {passphrase})})
  await hold.agent.connect(signal)
  await mkdir(request.runDirectory, {recursive: true, mode: 0o700})
  try {
    const place = await makePlace(install_path, found.manifest.name, {host: hold.agent.host, signal, say})
    await using lock = await lockPlace(place, ownerOf(request, found))
    const held = {...place, signal: AbortSignal.any([signal, lock.lost])}
    return await startHeld({request, context, parts, hold, place: held}, found)
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof DeployProblem)) throw error
    const {reason, hint} = error
    throw services.error('SERVICE_START_FAILED', {subject: request.service, reason, hint, cause: error})
  }
}

/** For those who wait meanwhile. */
function ownerOf({service}: Request, {manifest: {name, version}}: LocalPackage): string {
  return `the deploy of ${name} ${version} for '${service}' by ${userInfo().username}@${hostname()}`
}

async function startHeld(deploying: Deploying, found: LocalPackage): Promise<Handle> {
  const {request, parts, place} = deploying
  const {manifest, sha256} = found
  const id = versionId({version: manifest.version, sha256})
  const before = await tidy(place)
  const kept = keptVersion(deploying, before, id)
  if (kept) return await runInstalled(deploying, kept.id, kept.why)
  await refuseOther(deploying, before.current, manifest.name)
  const program = programOf({place, id, manifest}, request, parts)
  const installed = await install(deploying, {before, found}, {scripts: scriptsOf(request), env: program.env})
  if ('why' in installed) return await runBefore(deploying, installed.before, installed.why)
  const {trial} = installed
  if (!trial) return await runInstalled(deploying, id)
  const tried = await tryVersion(deploying, trial, program)
  if ('handle' in tried) return tried.handle
  if (trial.before !== null) return await runBefore(deploying, trial.before, tried.why)
  throw parts.shared.services.error('SERVICE_START_FAILED', {subject: request.service, reason: tried.why})
}

/**
 * The version that runs though another is named: what the restart policy does is no new try of one that was refused, and what somebody has rolled back
 * stays so until there is another package.
 */
function keptVersion(
  {place, request}: Deploying,
  {current, state: {refused}}: Installed,
  id: string,
): {readonly id: string; readonly why: string | undefined} | undefined {
  if (refused?.id !== id || current === null || current === id) return undefined
  if (refused.by === 'health' && (request.restarts ?? 0) === 0) return undefined
  const why = `version ${versionOf(id)} ${refused.reason}`
  place.say(`${why}; version ${versionOf(current)} runs`)
  return {id: current, why: refused.by === 'health' ? why : undefined}
}

/** Two packages in one folder would take each other for versions. */
async function refuseOther({request, parts, place}: Deploying, current: string | null, name: string): Promise<void> {
  const other = current === null ? name : (await readVersion(place, current)).name
  if (other === name) return
  throw parts.shared.services.error('SERVICE_START_FAILED', {
    subject: request.service,
    reason: `${place.root} on ${place.host.name} is the folder of package '${other}', and this is '${name}'`,
    hint: "Give it another 'install_path' in the stack file.",
  })
}

function scriptsOf({spec: {pre_install, post_install}}: Request): DeployOptions['scripts'] {
  return {...(pre_install !== undefined && {pre_install}), ...(post_install !== undefined && {post_install})}
}

type Installing = {readonly trial: Trial | undefined} | {readonly why: string; readonly before: string}

/** Where it cannot be installed, and another version is current, that one is no worse than before. */
async function install(
  {place}: Deploying,
  {before, found}: {readonly before: Installed; readonly found: LocalPackage},
  options: DeployOptions,
): Promise<Installing> {
  try {
    return {trial: await deploy(place, before, found, options)}
  } catch (error) {
    if (place.signal.aborted || !(error instanceof DeployProblem)) throw error
    if (before.current === null) throw error
    return {why: `version ${found.manifest.version} could not be installed: ${error.reason}`, before: before.current}
  }
}
