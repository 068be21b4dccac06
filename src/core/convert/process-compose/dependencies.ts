import type {Json} from '../../base/json.js'
import type {Part} from '../part.js'
import {replicaNames, type Surveyed} from './survey.js'

/** Who is in the file, and how each is called in the stack file. */
export interface Processes {
  readonly surveyed: ReadonlyMap<string, Surveyed>
  readonly names: ReadonlyMap<string, string>
}

const conditions: Readonly<Record<string, string>> = {
  process_started: 'started',
  process_healthy: 'ready',
  process_log_ready: 'ready',
  process_completed: 'completed',
  process_completed_successfully: 'succeeded',
}

/** What it waits for. CONFIG_INVALID for a name that is not there. */
export function readDependencies(processes: Processes, own: Surveyed, part: Part): readonly Json[] {
  return part.parts('depends_on').flatMap(([name, edge]) => {
    const word = edge.text('condition') ?? 'process_completed'
    const condition = Object.hasOwn(conditions, word) ? conditions[word] : undefined
    if (condition === undefined) return edge.wrong('condition', `one of ${Object.keys(conditions).join(', ')}`, word)
    edge.leftOvers()
    const targets = targetsOf(processes, name)
    if (targets === undefined) return edge.wrong('', 'the name of a process', name)
    const [{surveyed}] = targets
    if (isLeftOut(own, surveyed)) {
      edge.note(
        '',
        `is not waited for: it is ${surveyed.profile ?? ''}, and process-compose does not wait for it either`,
      )
      return []
    }
    if (word === 'process_healthy' && surveyed.readiness === 'none') {
      edge.note(
        '',
        'waits for a health check that is not there: process-compose would skip this one, harness waits until it runs',
      )
    }
    return targets.map((target) => entryOf(target, condition))
  })
}

/** What is not started is in nobody's way. */
function isLeftOut(own: Surveyed, dependency: Surveyed): boolean {
  return dependency.profile !== undefined && own.profile === undefined
}

interface Target {
  readonly name: string
  readonly surveyed: Surveyed
}

function targetsOf({surveyed, names}: Processes, foreign: string): readonly [Target, ...Target[]] | undefined {
  const found = surveyed.get(foreign)
  if (found) {
    const all = found.unrolled ? replicaNames(foreign, found.replicas) : [foreign]
    const [first, ...rest] = all.map((each) => ({name: names.get(each) ?? each, surveyed: found}))
    return first && [first, ...rest]
  }
  for (const [owner, each] of surveyed) {
    if (!each.unrolled || !replicaNames(owner, each.replicas).includes(foreign)) continue
    return [{name: names.get(foreign) ?? foreign, surveyed: each}]
  }
  return undefined
}

function entryOf({name, surveyed}: Target, condition: string): Json {
  if (surveyed.kind === 'service') return condition === 'ready' ? name : {service: name, condition}
  return condition === 'ready' || condition === 'succeeded' ? {task: name} : {task: name, condition}
}
