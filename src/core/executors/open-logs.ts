import {existsSync} from 'node:fs'
import type {ProcessHost} from '../process/host.js'
import {fileLogSource, type FileLog} from '../process/log/file-log-source.js'
import {usualLimits} from '../process/log/retention.js'
import type {RunPaths} from '../process/run-directory.js'

interface OpenLogsOptions {
  readonly host: ProcessHost
  readonly paths: RunPaths
  /** Where these are not the default. */
  readonly limits: {readonly maxSize: number; readonly keep: number} | undefined
  /** Nobody can have written to them before now. */
  readonly fresh: boolean
}

/** The log files of a run directory, into which a program writes by itself. */
export function openLogs({host, paths, limits = usualLimits, fresh}: OpenLogsOptions): readonly FileLog[] {
  const shared = {clock: host.clock, fresh, retention: {limits, free: host.freeRoom}}
  const out = fileLogSource({file: paths.out, stream: 'stdout', ...shared})
  if (!existsSync(paths.err)) return [out]
  const err = orUndo(
    () => fileLogSource({file: paths.err, stream: 'stderr', ...shared}),
    () => {
      out.close()
    },
  )
  return [out, err]
}

/** What was opened before is closed again when this cannot be made. */
export function orUndo<T>(make: () => T, undo: () => void): T {
  try {
    return make()
  } catch (error) {
    undo()
    throw error
  }
}
