import type {Progress} from '@service-harness/cli/plugin'

/** How a request gets on, in words. `undefined` for what says nothing new. */
export function progressText(progress: Progress): string | undefined {
  if ('step' in progress) {
    const {name, state, message} = progress.step
    return message === null ? `${name}: ${state}` : `${name}: ${state}, ${message}`
  }
  if ('message' in progress) return progress.message
  if (!('event' in progress)) return undefined
  return typeof progress.event === 'string' ? progress.event : JSON.stringify(progress.event)
}
