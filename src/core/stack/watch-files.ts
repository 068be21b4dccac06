import path from 'node:path'
import type {Clock} from '../base/clock.js'
import {messageOf} from '../base/errors.js'
import type {WatchDefinition} from '../contract/stack.js'

export interface WatchFilesOptions {
  readonly directory: string
  readonly clock: Clock
  /** Once nothing more has changed for the debounce time: what has, relative to the directory, sorted. */
  readonly onChange: (files: readonly string[]) => void
  readonly onError: (message: string) => void
}

/** Never watched: they change by themselves, and there are many. */
const always = ['**/.git/**', '**/node_modules/**']

export interface FileWatch extends Disposable {
  /** Resolves when changes from now on are seen. */
  readonly ready: Promise<void>
}

/** Calls back when files of a definition change, appear or go. */
export function watchFiles(definition: WatchDefinition, options: WatchFilesOptions): FileWatch {
  const {directory, clock} = options
  const changed = new Set<string>()
  const closers: (() => void)[] = []
  let timer: Disposable | undefined
  let closed = false
  const settle = (): void => {
    const files = [...changed].sort()
    changed.clear()
    options.onChange(files)
  }
  const open = async (): Promise<void> => {
    const [{watch}, {default: picomatch}] = await Promise.all([import('chokidar'), import('picomatch')])
    if (closed) return
    const matches = (globs: readonly string[]): ((file: string) => boolean) => picomatch([...globs], {dot: true})
    const ignored = matches([...always, ...definition.ignore])
    const included = definition.include.length === 0 ? () => true : matches(definition.include)
    const relative = (file: string): string => path.relative(directory, path.resolve(directory, file))
    const watcher = watch([...definition.paths], {
      cwd: directory,
      ignoreInitial: true,
      ignored: (file) => ignored(relative(file)) || ignored(`${relative(file)}/`),
    })
    closers.push(() => void watcher.close().catch(() => undefined))
    watcher.on('error', (error) => {
      options.onError(messageOf(error))
    })
    watcher.on('all', (event, file) => {
      if (closed || event === 'addDir' || !included(file)) return
      changed.add(file)
      timer?.[Symbol.dispose]()
      timer = clock.after(definition.debounceMs, settle)
    })
    await new Promise<void>((resolve) => {
      watcher.once('ready', resolve)
      closers.push(resolve)
    })
  }
  const ready = open().catch((error: unknown) => {
    options.onError(messageOf(error))
  })
  return {
    ready,
    [Symbol.dispose]() {
      closed = true
      timer?.[Symbol.dispose]()
      for (const close of closers) close()
    },
  }
}
