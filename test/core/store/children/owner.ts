import {isHarnessError} from '../../../../src/core/base/errors.js'
import {takeOwnership} from '../../../../src/core/store/owner-lock.js'

// Takes and lets go as it is told, and says how it went. Without a parent to talk to it ends with the error's exit code.
let owned: AsyncDisposable | undefined

async function take(lock: string): Promise<object> {
  try {
    owned = await takeOwnership({lock})
    return {won: true}
  } catch (error) {
    if (!isHarnessError(error)) throw error
    return {won: false, code: error.code, exit: error.exit, details: error.details, message: error.message}
  }
}

if (process.send) {
  process.on('message', (message: {readonly take: string} | 'release') => {
    void (async () => {
      if (message === 'release') {
        await owned?.[Symbol.asyncDispose]()
        process.send?.({released: true})
      } else process.send?.(await take(message.take))
    })()
  })
  process.send({ready: true})
} else {
  const outcome = await take(process.argv[2] ?? '')
  console.log(JSON.stringify(outcome))
  process.exitCode = 'exit' in outcome ? Number(outcome.exit) : 0
}
