import {Worker} from 'node:worker_threads'
import type {Clock} from '../../base/clock.js'
import {withDeadline} from '../../base/deadline.js'
import {HarnessError} from '../../base/errors.js'
import {moduleUrl} from '../../base/package-files.js'
import type {StackDefinition} from '../../contract/stack.js'
import type {ThreadAnswer, ThreadOrder} from './reader.js'

const longestMs = 10_000
const memoryMb = 512

/**
 * `loadStack` in a thread of its own: whatever stands in the files, and however many they include, whoever asks for it goes on with other
 * work. CONFIG_INVALID also for what takes longer than 10 s, or more than 512 MB.
 */
export async function readInThread(order: ThreadOrder, clock: Clock): Promise<StackDefinition> {
  const [file] = order.files
  const unreadable = (reason: string, cause?: unknown): HarnessError =>
    new HarnessError('CONFIG_INVALID', {
      subject: file,
      reason,
      hint: 'Read it with `harness validate`, and divide it into several stacks where it is that large.',
      cause,
    })
  const thread = new Worker(moduleUrl('core/config/thread/reader'), {
    workerData: order,
    resourceLimits: {maxOldGenerationSizeMb: memoryMb},
  })
  try {
    return await withDeadline(() => answerOf(thread, unreadable), {
      clock,
      ms: longestMs,
      onTimeout: () => unreadable(`it cannot be read in ${longestMs / 1000} s`),
    })
  } finally {
    await thread.terminate()
  }
}

function answerOf(
  thread: Worker,
  unreadable: (reason: string, cause?: unknown) => HarnessError,
): Promise<StackDefinition> {
  return new Promise((resolve, reject) => {
    thread.once('message', (text: string) => {
      const answer = JSON.parse(text) as ThreadAnswer
      if ('definition' in answer) resolve(answer.definition)
      else reject(new HarnessError(answer.code, answer.info))
    })
    thread.once('error', (error) => {
      const isMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      reject(isMemory ? unreadable(`reading it takes more than ${memoryMb} MB`, error) : error)
    })
    thread.once('exit', () => {
      reject(unreadable('the thread that read it has ended'))
    })
  })
}
