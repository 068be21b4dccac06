import {mkdir, readdir, readFile, rm, stat} from 'node:fs/promises'
import path from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'

/** Services that do next to nothing: each writes its pid into a file, whose time tells when it began, and sleeps. */
export interface Services {
  readonly names: readonly string[]
  /** What a service runs; `exec` so that it is one process. */
  argsOf(name: string): readonly string[]
  /** Forgets all first acts, so that the next ones can be seen. */
  forget(): Promise<void>
  /** When the last service began, in milliseconds since the epoch. Waits until all have. */
  lastAct(): Promise<number>
  pids(): Promise<readonly number[]>
}

export const shell = '/bin/sh'
const patienceMs = 60_000

export function trivialServices(folder: string, count: number): Services {
  const acts = path.join(folder, 'acts')
  const names = Array.from({length: count}, (_, index) => `s${index + 1}`)
  return {
    names,
    argsOf: (name) => ['-c', 'echo $$ >"$0"; exec sleep 100000', path.join(acts, name)],
    async forget() {
      await rm(acts, {recursive: true, force: true})
      await mkdir(acts, {recursive: true})
    },
    async lastAct() {
      const giveUpAt = Date.now() + patienceMs
      while ((await readdir(acts)).length < count) {
        if (Date.now() > giveUpAt) throw new Error(`not all of ${count} services began`)
        await sleep(20)
      }
      const times = await Promise.all(names.map(async (name) => (await stat(path.join(acts, name))).mtimeMs))
      return Math.max(...times)
    },
    pids: () => Promise.all(names.map(async (name) => Number(await readFile(path.join(acts, name), 'utf8')))),
  }
}
