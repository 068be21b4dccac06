import {plainProgress} from './plain-progress.js'
import type {ProgressOptions, ProgressView} from './progress-view.js'

/** Live rows on a terminal, plain lines elsewhere. listr2 is loaded only where it draws. */
export async function openProgress(options: ProgressOptions & {readonly live: boolean}): Promise<ProgressView> {
  if (!options.live) return untilClosed(plainProgress(options))
  const {listrProgress} = await import('./listr-progress.js')
  return untilClosed(listrProgress(options))
}

/** What is still heard of a request that was let go of is not shown: rows that are drawn anew nobody would end, and the process would not end either. */
function untilClosed(view: ProgressView): ProgressView {
  let isClosed = false
  return {
    update(progress) {
      if (!isClosed) view.update(progress)
    },
    note(line) {
      if (!isClosed) view.note(line)
    },
    close() {
      isClosed = true
      return view.close()
    },
  }
}
