import type {ProcessIdentity} from './identity.js'
import {bootId, type ProcessStat} from './platform.js'
import type {ProcessTable} from './scan.js'

/** What an attempt or a session started: its program, and the cookie that all of its processes inherit. */
export type Tree = {readonly leader: ProcessIdentity} & ({readonly instance: string} | {readonly session: string})

/**
 * Every live process of a tree: those with its cookie, those in the session of its program, and the children of either.
 * A session counts only while one member is known to be ours (the leader, a holder of the cookie, or one of `known`): its number
 * cannot be given to a stranger before the last member is gone. `known` are the members found by the last look.
 */
export function findTree(
  table: ProcessTable,
  tree: Tree,
  known: readonly ProcessIdentity[] = [],
): readonly ProcessIdentity[] {
  if (tree.leader.boot !== bootId()) return []
  const ours = new Set<number>()
  const before = new Map(known.map(({pid, startTick}) => [pid, startTick]))
  const candidates = [...table.processes.values()].filter(
    (found) => found.startTick >= tree.leader.startTick && found.pid !== process.pid,
  )
  for (const found of candidates) {
    if (isKnown(found, tree, before) || isMarked(found.pid, tree, table)) ours.add(found.pid)
  }
  const sessionIsOurs = candidates.some((found) => ours.has(found.pid) && found.session === tree.leader.pid)
  if (sessionIsOurs) {
    for (const found of candidates) if (found.session === tree.leader.pid) ours.add(found.pid)
  }
  addDescendants(candidates, ours)
  return candidates
    .filter(({pid}) => ours.has(pid))
    .map(({pid, startTick}) => ({boot: tree.leader.boot, pid, startTick}))
}

function isMarked(pid: number, tree: Tree, table: ProcessTable): boolean {
  return 'session' in tree ? table.sessionOf(pid) === tree.session : table.instanceOf(pid) === tree.instance
}

function isKnown(found: ProcessStat, tree: Tree, before: ReadonlyMap<number, number>): boolean {
  if (found.pid === tree.leader.pid) return found.startTick === tree.leader.startTick
  return before.get(found.pid) === found.startTick
}

function addDescendants(candidates: readonly ProcessStat[], ours: Set<number>): void {
  for (let grew = true; grew;) {
    grew = false
    for (const found of candidates) {
      if (ours.has(found.pid) || !ours.has(found.ppid)) continue
      ours.add(found.pid)
      grew = true
    }
  }
}
