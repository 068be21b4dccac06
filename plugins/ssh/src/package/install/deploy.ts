import type {Manifest, ScriptName, Script} from '../manifest.js'
import {installVersion, removeLeftovers, type LocalPackage} from './install-version.js'
import type {Place} from './place.js'
import {runScript} from './run-script.js'
import {readInstalled, versionId, writeState, type Installed, type Refused} from './state.js'
import {switchTo} from './switch-to.js'

export interface DeployOptions {
  /** In place of those of the package. */
  readonly scripts: Readonly<Partial<Record<ScriptName, Script>>>
  /** For its scripts. */
  readonly env: Readonly<Record<string, string>>
}

/** A version that has become the current one. Whoever made it that either confirms it or takes it back. */
export interface Trial {
  readonly id: string
  readonly manifest: Manifest
  /** What was current. `null`: nothing was. */
  readonly before: string | null
}

/**
 * Installs a version and makes it the current one: sent and unpacked unless it is there, `pre_install` before the switch, `post_install` after it. Where
 * something fails nothing has been switched, or it has been switched back. `undefined`: it is the current version already. For who holds the lock; `installed`
 * is what `tidy` has found since.
 */
export async function deploy(
  place: Place,
  installed: Installed,
  found: LocalPackage,
  options: DeployOptions,
): Promise<Trial | undefined> {
  const {manifest} = found
  const id = versionId({version: manifest.version, sha256: found.sha256})
  if (!installed.versions.some((version) => version.id === id)) await installVersion(place, found, id)
  if (installed.current === id) return undefined
  const trial = {id, manifest, before: installed.current}
  await script('pre_install', place, trial, options)
  await writeState(place, {...installed.state, trial: {id, before: trial.before}})
  await switchTo(place, id)
  try {
    await script('post_install', place, trial, options)
  } catch (error) {
    await undo(place, trial)
    throw error
  }
  return trial
}

/** It is healthy: a rollback returns to what was before it. */
export async function confirm(place: Place, {id, before}: Trial): Promise<void> {
  const {state} = await readInstalled(place)
  const refused = state.refused?.id === id ? null : state.refused
  await writeState(place, {previous: before ?? state.previous, trial: null, refused})
}

/** What was current before is again, unless whoever got the lock meanwhile has done it. `refused`: and this version is not tried again by itself. */
export async function takeBack(
  place: Place,
  {id, before}: Pick<Trial, 'before' | 'id'>,
  refused?: Pick<Refused, 'at' | 'reason'>,
): Promise<void> {
  const {state} = await readInstalled(place)
  if (state.trial?.id !== id) return
  await switchTo(place, before)
  await writeState(place, {...state, trial: null, ...(refused && {refused: {id, by: 'health', ...refused}})})
}

/** How long what is undone may take when nobody waits for it any more. */
export const undoMs = 10_000

/** Takes it back, also when that is because the signal of the place has aborted. */
export async function undo(place: Place, trial: Trial): Promise<void> {
  await takeBack({...place, signal: AbortSignal.timeout(undoMs)}, trial)
}

/** Removes what an interrupted deploy has left: its version is no longer the current one. Answers what there is then. For who holds the lock. */
export async function tidy(place: Place): Promise<Installed> {
  await removeLeftovers(place)
  const installed = await readInstalled(place)
  const {trial} = installed.state
  if (!trial) return installed
  await takeBack(place, trial)
  return await readInstalled(place)
}

async function script(
  name: ScriptName,
  place: Place,
  {id, manifest}: Trial,
  {scripts, env}: DeployOptions,
): Promise<void> {
  const line = scripts[name] ?? manifest.scripts[name]
  if (line !== undefined) await runScript(place, {name, script: line, id, env: {...packageEnv(manifest), ...env}})
}

/** What scripts and programs of a package find in their environment. */
export function packageEnv({name, version}: Pick<Manifest, 'name' | 'version'>): Readonly<Record<string, string>> {
  return {HARNESS_PACKAGE: name, HARNESS_PACKAGE_VERSION: version}
}
