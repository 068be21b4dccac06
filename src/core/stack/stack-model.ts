import type {Catalogue} from '../contract/catalogue.js'
import type {StackDefinition} from '../contract/stack.js'
import {broughtTo, type BroughtTo} from '../service/brought.js'
import {completeTasks} from './complete-tasks.js'
import {replicate, type Replica, type Replicated} from './replicas.js'

/** What is remembered of a stack; the value of `stack/<id>` in the store. */
export interface SavedStack {
  /** As the client handed it over. */
  readonly definition: StackDefinition
  /** Services (each replica by itself) and tasks that are in the definition no more and have not come to rest: they can still be seen and stopped. */
  readonly removed: Pick<StackDefinition, 'services' | 'tasks'>
  /** How many replicas were asked for, where that is not what the definition says. */
  readonly scale: Readonly<Record<string, number>>
  /** What types bring to services. Left out: it was written by a harness that did not remember that. */
  readonly brought?: BroughtTo
}

export function newSavedStack(definition: StackDefinition, catalogue: Catalogue): SavedStack {
  const {services} = definition
  return {definition, removed: {services: {}, tasks: {}}, scale: {}, brought: broughtTo(services, catalogue)}
}

/** What of a stack has not come to rest. */
export interface Activity {
  readonly service: (name: string) => boolean
  readonly task: (name: string) => boolean
}

/** A stack's definition as it is worked with: the edges of task types added, every replica a service of its own. */
export class StackModel {
  private readonly replicated: Replicated

  constructor(
    readonly saved: SavedStack,
    catalogue: Catalogue,
  ) {
    this.replicated = replicate(completeTasks(saved.definition, catalogue), saved.scale)
  }

  get definition(): StackDefinition {
    return this.replicated.definition
  }

  replicaOf(name: string): Replica {
    return this.replicated.of(name)
  }

  /** Names as people give them: a service means all its replicas. */
  resolve(names: readonly string[]): readonly string[] {
    return [
      ...new Set(
        names.flatMap((name) => {
          const replicas = this.replicated.groups.get(name) ?? []
          return replicas.length > 0 ? replicas : [name]
        }),
      ),
    ]
  }

  /** What this one needs and there is none of, because it was scaled to 0. */
  missingFor(kind: 'service' | 'task', name: string): string | undefined {
    const {services, tasks} = this.saved.definition
    const node = kind === 'service' ? services[this.replicaOf(name).group] : tasks[name]
    return node?.dependencies.find(
      (edge) => edge.kind === 'service' && edge.required && this.replicated.groups.get(edge.name)?.length === 0,
    )?.name
  }

  /** A service of the file, by its own name. */
  isService(name: string): boolean {
    return this.replicated.groups.has(name)
  }

  /** What is to be remembered once this definition takes the place of the present one. A number of replicas that was asked for holds until the file has another. */
  after(definition: StackDefinition, activity: Activity, catalogue: Catalogue): SavedStack {
    const present = this.saved.definition.services
    const scale = Object.entries(this.saved.scale).filter(
      ([name]) => definition.services[name] && definition.services[name].replicas === present[name]?.replicas,
    )
    return this.replacedBy({...this.saved, definition, scale: Object.fromEntries(scale)}, activity, catalogue)
  }

  /** What is to be remembered once a service has this many replicas. */
  scaled(service: string, replicas: number, activity: Activity, catalogue: Catalogue): SavedStack {
    const scale = {...this.saved.scale, [service]: replicas}
    return this.replacedBy({...this.saved, scale}, activity, catalogue)
  }

  private replacedBy(next: SavedStack, activity: Activity, catalogue: Catalogue): SavedStack {
    const {services, tasks} = new StackModel(next, catalogue).definition
    const {removed, brought} = this.saved
    const left = {
      services: without({...removed.services, ...this.definition.services}, services, activity.service),
      tasks: without({...removed.tasks, ...this.definition.tasks}, tasks, activity.task),
    }
    const all = {...left.services, ...next.definition.services}
    return {...next, removed: left, brought: broughtTo(all, catalogue, brought)}
  }
}

/** Those of `all` that `present` lacks and that `keep` says yes to. */
function without<T>(
  all: Readonly<Record<string, T>>,
  present: Readonly<Record<string, T>>,
  keep: (name: string) => boolean,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !Object.hasOwn(present, name) && keep(name)))
}
