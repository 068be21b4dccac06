import {readFileSync} from 'node:fs'
import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import type {StackStatus} from '../../../src/core/contract/status.js'

/** What /proc says of one attempt: every live process with its cookie. */
export interface CountedAttempt {
  readonly instance: string
  readonly pids: readonly number[]
  /** The program itself: it leads a session. */
  readonly program: number | undefined
}

interface Counted {
  readonly pid: number
  readonly session: number
  readonly environ: string
}

/**
 * A count of the live processes that carry a text in their environment or arguments, by the attempt whose cookie they carry. It walks
 * /proc by itself and asks harness nothing: a mistake of harness cannot hide in it.
 */
export async function takeCensus(marker: string): Promise<readonly CountedAttempt[]> {
  const attempts = new Map<string, Counted[]>()
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const counted = await count(Number(name), marker)
    const instance = counted && /(?:^|\0)HARNESS_INSTANCE=([^\0]+)/.exec(counted.environ)?.[1]
    if (instance) attempts.set(instance, [...(attempts.get(instance) ?? []), counted])
  }
  return [...attempts].map(([instance, members]) => ({
    instance,
    pids: members.map(({pid}) => pid),
    program: members.find(({pid, session}) => pid === session)?.pid,
  }))
}

async function count(pid: number, marker: string): Promise<Counted | undefined> {
  const [stat, environ, cmdline] = await Promise.all(
    ['stat', 'environ', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
  )
  // The name stands in parentheses and may hold anything; behind it: state, parent, group, session.
  const [state, , , session] = stat!.slice(stat!.lastIndexOf(')') + 2).split(' ')
  if (!state || state === 'Z' || state === 'X') return undefined
  if (!environ!.includes(marker) && !cmdline!.includes(marker)) return undefined
  return {pid, session: Number(session), environ: environ!}
}

/** What must all be empty. */
export interface Faults {
  /** Live, and of no attempt that the daemon believes in. */
  readonly orphans: readonly string[]
  /** Services with more than one live attempt. */
  readonly duplicates: readonly string[]
  /** Believed to run, and not there. */
  readonly missing: readonly string[]
  /** Attempts that ran and are gone without a record of their end. */
  readonly lostRecords: readonly string[]
}

export const noFaults: Faults = {orphans: [], duplicates: [], missing: [], lostRecords: []}

/** Compares what /proc shows with what the daemon says about a stack, and with the run directories. */
export async function findFaults(options: {
  readonly marker: string
  readonly state: string
  readonly status: StackStatus
}): Promise<Faults> {
  const {marker, state, status} = options
  const census = await takeCensus(marker)
  // After the walk: what was seen alive has its run directory by now.
  const runs = await readRuns(path.join(state, 'runs'))
  const believed = new Map(status.services.flatMap(({name, pid}) => (pid === null ? [] : [[pid, name] as const])))
  const lives = new Map<string, CountedAttempt[]>()
  for (const attempt of census) {
    const service = runs.get(attempt.instance)?.service ?? 'unknown'
    lives.set(service, [...(lives.get(service) ?? []), attempt])
  }
  const live = new Set(census.map(({instance}) => instance))
  const programs = new Set(census.map(({program}) => program))
  return {
    orphans: census
      .filter(({program}) => program === undefined || !believed.has(program))
      .map(({instance, pids}) => `${runs.get(instance)?.service ?? 'unknown'} ${instance}: ${pids.join(' ')}`),
    // The walk takes a while: one may have ended, and the next begun, in it.
    duplicates: [...lives]
      .filter(([, attempts]) => attempts.filter(({pids}) => pids.some(isThere)).length > 1)
      .map(([service]) => service),
    missing: [...believed].filter(([pid]) => !programs.has(pid)).map(([pid, name]) => `${name} ${pid}`),
    lostRecords: [...runs].flatMap(([instance, {service, began, ended, records}]) =>
      began && !ended && !live.has(instance) ? [`${service} ${instance}: ${records}`] : [],
    ),
  }
}

/** At this moment, and not as a zombie. */
function isThere(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !['Z', 'X'].includes(stat.charAt(stat.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}

interface Run {
  readonly service: string
  readonly began: boolean
  readonly ended: boolean
  /** Its files, for a person who has to find out what happened. */
  readonly records: string
}

/** All run directories, by instance: `runs/<stack>/<service>/<instance>`. */
async function readRuns(folder: string): Promise<ReadonlyMap<string, Run>> {
  const runs = new Map<string, Run>()
  const files = await readdir(folder, {recursive: true}).catch(() => [])
  for (const directory of files.filter((name) => name.split(path.sep).length === 3 && !name.endsWith('.json'))) {
    const read = async (name: string): Promise<string> =>
      (await readFile(path.join(folder, directory, name), 'utf8').catch(() => '')).trim()
    const [claim, run, exit] = await Promise.all([read('claim'), read('run'), read('exit')])
    const service = path.basename(path.dirname(directory))
    runs.set(path.basename(directory), {service, began: run !== '', ended: exit !== '', records: `${claim}; ${run}`})
  }
  return runs
}
