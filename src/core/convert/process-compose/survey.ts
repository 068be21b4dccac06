import type {Part} from '../part.js'

/** What others must know of a process before any of them can be written. */
export interface Surveyed {
  readonly part: Part
  readonly kind: 'service' | 'task'
  /** The profile that it waits in: it is not started by itself. */
  readonly profile?: 'disabled' | 'foreground'
  readonly replicas: number
  /** Its replicas differ in more than a number in their command: each becomes a service of its own. */
  readonly unrolled: boolean
  readonly readiness: 'liveness' | 'log' | 'none' | 'probe'
}

/** Looks at each process once. */
export function survey(processes: ReadonlyMap<string, Part>): ReadonlyMap<string, Surveyed> {
  const awaited = new Set([...processes.values()].flatMap((part) => part.part('depends_on')?.keys ?? []))
  return new Map([...processes].map(([name, part]) => [name, look(name, part, awaited)]))
}

function look(name: string, part: Part, awaited: ReadonlySet<string>): Surveyed {
  const replicas = Math.max(1, replicasOf(part))
  const names = replicaNames(name, replicas)
  return {
    part,
    replicas,
    ...kindOf(part),
    unrolled: replicas > 1 && (differs(part) || names.some((each) => awaited.has(each))),
    readiness: readinessOf(part),
  }
}

function kindOf(part: Part): Pick<Surveyed, 'kind' | 'profile'> {
  const schedule = part.part('schedule')
  const isScheduled = schedule?.text('cron') !== undefined || schedule?.text('interval') !== undefined
  const word = part.text('is_disabled')
  const disabled = word === 'true' || (word !== 'false' && part.flag('disabled')) || part.part('mcp') !== undefined
  const profile = disabled ? 'disabled' : part.flag('is_foreground') ? 'foreground' : undefined
  return {kind: isScheduled ? 'task' : 'service', ...(profile === undefined ? {} : {profile})}
}

function replicasOf(part: Part): number {
  if (part.text('replicas')?.includes('$') !== true) return part.number('replicas') ?? 1
  part.note('replicas', 'is a variable: write the number here')
  return 1
}

/** A shell can count for itself, but not between single quotes. */
function differs({values}: Part): boolean {
  const {command, ...rest} = values
  const inCommand = typeof command === 'string' && /\{\{.*PC_REPLICA_NUM/.test(command) && command.includes("'")
  return inCommand || JSON.stringify(rest).includes('PC_REPLICA_NUM')
}

function readinessOf(part: Part): Surveyed['readiness'] {
  if (part.part('readiness_probe')) return 'probe'
  if ((part.text('ready_log_line') ?? '') !== '') return 'log'
  return part.part('liveness_probe') ? 'liveness' : 'none'
}

/** `api-0`, `api-1`, as process-compose calls them: from 0, all of one width. */
export function replicaNames(name: string, replicas: number): readonly string[] {
  const width = 1 + Math.floor(Math.log10(replicas))
  return Array.from({length: replicas}, (_, index) => `${name}-${String(index).padStart(width, '0')}`)
}
