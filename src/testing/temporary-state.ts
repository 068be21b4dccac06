import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'

/** Folders that a test has to itself. */
export interface TemporaryState extends AsyncDisposable {
  /** Where a daemon of the test keeps everything. It is made by the daemon. */
  readonly stateDirectory: string
  /** An empty folder for stack files. */
  readonly folder: string
}

/** A state directory and a folder of a test's own; disposing of it removes both. What runs there must have been stopped before. */
export async function temporaryState(): Promise<TemporaryState> {
  const base = await mkdtemp(path.join(tmpdir(), 'harness-plugin-test-'))
  const folder = await mkdtemp(path.join(base, 'stack-'))
  return {
    stateDirectory: path.join(base, 'state'),
    folder,
    [Symbol.asyncDispose]: () => rm(base, {recursive: true, force: true, maxRetries: 3}),
  }
}
