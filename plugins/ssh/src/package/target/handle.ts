import {rm} from 'node:fs/promises'
import type {EngineHealth, Fallback} from '@service-harness/cli/plugin'
import type {Hold} from '../../agent/agents.js'
import {askHealth} from '../run/ask-health.js'
import {HealthWatch, type AskHealth} from '../run/health-watch.js'
import type {Handle, Parts, Saved} from './parts.js'
import type {SavedHealth} from './phase.js'

interface Opening {
  /** As it was written down before the start. */
  readonly saved: Saved
  readonly handle: Handle
  readonly health?: SavedHealth | undefined
  /** What is known of its health. */
  readonly first?: EngineHealth | undefined
  readonly fallback?: Fallback | undefined
}

/** A program on another machine that is checked as its package says. */
export async function packageHandle(
  {saved, handle, health, first, fallback}: Opening,
  {shared}: Parts,
): Promise<Handle> {
  const hold = health && (await shared.agents.hold(saved.state.host))
  const watch = health && hold && new HealthWatch(health.recipe, askerOf(health, hold), isReachable(handle), first)
  const release = (): void => {
    watch?.[Symbol.dispose]()
    hold?.[Symbol.dispose]()
    handle.release()
  }
  return {
    ...handle,
    ...(watch && {health: watch}),
    ...(fallback && {fallback}),
    save: () => saved,
    release,
    async destroy() {
      await handle.destroy()
      release()
      await rm(saved.state.runDirectory, {recursive: true, force: true})
    },
  }
}

/** Asks on its machine, through what is held. */
export function askerOf({recipe, folder, env}: SavedHealth, {agent}: Hold): AskHealth {
  const means = {host: agent.host, folder, env, timeoutMs: recipe.timeoutMs}
  return (signal) => askHealth(recipe.check, means, signal)
}

function isReachable({reachability}: Handle): () => boolean {
  return () => reachability?.current !== 'unknown'
}
