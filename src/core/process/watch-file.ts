import {watch} from 'node:fs'

/** Calls back at each change of one file. `undefined` where the system has no watches left: then poll faster. */
export function watchFile(file: string, onChange: () => void): Disposable | undefined {
  try {
    const watcher = watch(file, {persistent: false}, onChange)
    watcher.on('error', () => {
      watcher.close()
    })
    return {
      [Symbol.dispose]() {
        watcher.close()
      },
    }
  } catch {
    return undefined
  }
}
