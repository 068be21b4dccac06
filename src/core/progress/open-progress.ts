import {plainProgress} from './plain-progress.js'
import type {ProgressOptions, ProgressView} from './progress-view.js'

/** Live rows on a terminal, plain lines elsewhere. listr2 is loaded only where it draws. */
export async function openProgress(options: ProgressOptions & {readonly live: boolean}): Promise<ProgressView> {
  if (!options.live) return plainProgress(options)
  const {listrProgress} = await import('./listr-progress.js')
  return listrProgress(options)
}
