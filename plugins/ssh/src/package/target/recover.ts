import {packageHandle} from './handle.js'
import {besideState, type Handle, type Parts, type Saved} from './parts.js'
import {phaseFile} from './phase.js'

const trialGraceMs = 1000

/**
 * Finds what runs of a package again. A version that was still on trial is ended, and the attempt has never been: the next start takes it back, and
 * tries it anew.
 */
export async function recoverPackage(saved: Saved, parts: Parts, signal: AbortSignal): Promise<Handle | undefined> {
  const {remote} = parts
  const {runDirectory} = saved.state
  const phase = await phaseFile.read(runDirectory)
  const state = phase?.is === 'back' ? besideState(saved.state) : saved.state
  const handle = await remote.recover({...saved, executor: remote.kind, state}, signal)
  if (!handle) return undefined
  if (phase?.is !== 'trial') return await packageHandle({saved, handle, health: phase?.health}, parts)
  try {
    await handle.stop({graceMs: trialGraceMs})
    await handle.destroy()
    return undefined
  } finally {
    handle.release()
  }
}
