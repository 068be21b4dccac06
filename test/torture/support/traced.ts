import {execFile} from 'node:child_process'
import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'

/** Whether strace is there, and the kernel lets it look at processes. */
export async function canTrace(): Promise<{readonly isThere: boolean; readonly works: boolean}> {
  const run = promisify(execFile)
  const isThere = await run('strace', ['-V']).then(
    () => true,
    () => false,
  )
  const works = await run('strace', ['-o', '/dev/null', 'true']).then(
    () => true,
    () => false,
  )
  return {isThere, works}
}

/** Put in front of a command: writes every file and folder that it and its children make into `folder`, a file for each process. */
export function tracing(folder: string): readonly string[] {
  const calls = 'trace=open,openat,creat,mkdir,mkdirat,mknod,mknodat,umask,clone,clone3,fork,vfork,chdir,fchdir'
  return ['strace', '-ff', '-qq', '-s', '4096', '-e', calls, '-o', path.join(folder, 'trace')]
}

export interface Creation {
  readonly kind: 'file' | 'folder'
  readonly file: string
  /** With the umask taken away: what it was made with. */
  readonly mode: number
}

/** Everything that was made at an absolute path, in no particular order. A file that was there already counts as well. */
export async function readTraces(folder: string, umask: number): Promise<readonly Creation[]> {
  const traces = new Map<number, readonly string[]>()
  for (const name of await readdir(folder)) {
    const lines = (await readFile(path.join(folder, name), 'utf8')).split('\n')
    traces.set(Number(name.split('.').at(-1)), lines)
  }
  const children = new Set([...traces.values()].flatMap((lines) => lines.flatMap((line) => childOf(line) ?? [])))
  const roots = [...traces.keys()].filter((pid) => !children.has(pid))
  return roots.flatMap((pid) => creationsOf(pid, umask, traces))
}

/** A child has the umask that its parent had when it was made. */
function creationsOf(pid: number, inherited: number, traces: ReadonlyMap<number, readonly string[]>): Creation[] {
  let umask = inherited
  return (traces.get(pid) ?? []).flatMap((line) => {
    const set = /^umask\(0?([0-7]+)\)/.exec(line)?.[1]
    if (set !== undefined) umask = Number.parseInt(set, 8)
    const child = childOf(line)
    if (child !== undefined) return creationsOf(child, umask, traces)
    const made = creationIn(line)
    return made ? [{...made, mode: made.mode & ~umask}] : []
  })
}

function childOf(line: string): number | undefined {
  const child = /^(?:clone3?|v?fork)\(.*\) = (\d+)/.exec(line)?.[1]
  return child === undefined ? undefined : Number(child)
}

function creationIn(line: string): Creation | undefined {
  const [, call = '', file = '', mode = ''] =
    /^(\w+)\((?:AT_FDCWD, )?"(\/(?:[^"\\]|\\.)*)"(?:, [^,]*O_CREAT[^,]*)?, 0([0-7]*)\) = \d+/.exec(line) ?? []
  if (call === '') return undefined
  return {kind: call.startsWith('mkdir') ? 'folder' : 'file', file, mode: Number.parseInt(mode || '0', 8)}
}
