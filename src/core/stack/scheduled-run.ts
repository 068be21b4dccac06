import type {Log} from '../base/log.js'
import type {StackDefinition} from '../contract/stack.js'
import type {Observed, Plan} from '../service/plan.js'
import {planStart} from '../service/plan-start.js'
import type {ServiceSupervisor} from '../service/supervisor.js'
import type {TaskRunner} from './task-runner.js'

export interface ScheduledRunOptions {
  readonly definition: StackDefinition
  readonly observed: Observed
  readonly services: readonly ServiceSupervisor[]
  readonly task: (name: string) => TaskRunner
  readonly run: (plan: Plan) => ReadonlyMap<unknown, Promise<unknown>>
  readonly log: Log
  /** The task runs even though it is complete. */
  readonly force?: boolean
}

/**
 * Runs a task because it is time, or because files have changed, with the environment of the last start. Changes nothing about services:
 * where one that it needs is not up, the run is left out. Tasks that it needs and that are done stay done.
 */
export async function runScheduled(name: string, options: ScheduledRunOptions): Promise<void> {
  const {definition, observed, log} = options
  const services = Object.entries(observed.services).map(
    ([key, service]) => [key, {...service, changed: false}] as const,
  )
  const plan = planStart(
    definition,
    {services: Object.fromEntries(services), tasks: {...observed.tasks, [name]: 'Pending'}},
    {services: [], tasks: [name], restart: false, resume: true},
  )
  const tasks = plan.steps.filter(({action}) => action === 'run')
  const needed = new Set(tasks.flatMap(({after}) => after.map(({key}) => key)))
  const down = plan.steps.filter(({key, action}) => needed.has(key) && action !== 'keep' && action !== 'run')
  if (down.length > 0) {
    log.info('a run that nobody asked for was left out: what it needs is not up', {
      task: name,
      down: down.map((step) => step.name),
    })
    return
  }
  const env = lastEnv(options.services)
  await Promise.all(
    tasks.map((step) => options.task(step.name).want(env, options.force === true && step.name === name)),
  )
  const steps = plan.steps.filter(({action}) => action === 'keep' || action === 'run')
  await Promise.all(options.run({...plan, steps}).values())
}

/** The store keeps the environments that services were asked for with. */
function lastEnv(services: readonly ServiceSupervisor[]): string | null {
  const up = services.map(({record}) => record).filter(({desired}) => desired === 'up')
  const [newest] = up.sort((a, b) => (b.current?.startedAt ?? 0) - (a.current?.startedAt ?? 0))
  return newest?.env ?? null
}
