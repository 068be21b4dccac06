import {rm} from 'node:fs/promises'
import type {LentClient, ResultOf} from '@service-harness/cli/plugin'
import {act} from '../act.js'
import type {GraphStack} from '../graph-stack.js'
import type {ResetPlan} from './plan-reset.js'

interface ResetWork {
  readonly plan: ResetPlan
  readonly caller: Awaited<ReturnType<LentClient['openStack']>>['caller']
  readonly say: (line: string) => void
}

type BegunReset = ResetWork & {
  /** Tasks that a start has run on the way. */
  readonly ran: Set<string>
}

type Failures = ResultOf<'service.start'>['failed']

/** Carries the plan out, step by step. Answers what went wrong, in words; nothing that comes after a step that failed is begun. */
export async function resetStack(opened: GraphStack, work: ResetWork): Promise<readonly string[]> {
  const begun: BegunReset = {...work, ran: new Set()}
  work.say(`Resetting the stack ${work.plan.name}`)
  for (const step of [stop, emptyDatabases, forgetChain, startChain, startOthers, runTasks]) {
    const problems = await step(opened, begun)
    if (problems.length > 0) return problems
  }
  work.say('Done. Subgraphs that no task deploys are gone: deploy them again.')
  return []
}

async function stop({client, stack}: GraphStack, {plan: {stops}, say}: ResetWork): Promise<readonly string[]> {
  if (stops.length === 0) return []
  say(`Stopping ${stops.join(', ')}`)
  const {failed} = await client.service.stop({stack, services: stops, dependents: 'stop'})
  return said(failed)
}

async function emptyDatabases(opened: GraphStack, {plan: {databases}, say}: ResetWork): Promise<readonly string[]> {
  for (const service of databases) {
    say(`Emptying the databases of ${service}`)
    await act(opened, {service, action: 'reset', input: {}})
  }
  return []
}

/** A chain that is kept in a file would come back with it. */
async function forgetChain(_opened: GraphStack, {plan: {kept}, say}: ResetWork): Promise<readonly string[]> {
  for (const {file} of kept.filter(({isChain}) => isChain)) {
    say(`Removing ${file}`)
    await rm(file, {force: true})
  }
  return []
}

function startChain(opened: GraphStack, work: BegunReset): Promise<readonly string[]> {
  return start(opened, work, [work.plan.anvil], 'a new chain')
}

function startOthers(opened: GraphStack, work: BegunReset): Promise<readonly string[]> {
  const {up, anvil} = work.plan
  const others = up.filter((name) => name !== anvil)
  return start(opened, work, others, 'what was up')
}

async function start(
  {client, stack}: GraphStack,
  {caller, say, ran}: BegunReset,
  services: readonly string[],
  what: string,
): Promise<readonly string[]> {
  if (services.length === 0) return []
  say(`Starting ${what}: ${services.join(', ')}`)
  const {failed, blocked, tasks} = await client.service.start({...caller, stack, services})
  for (const {name, state} of tasks) if (state === 'Succeeded') ran.add(name)
  return [...said(failed), ...blocked.map(({name, by, reason}) => `${name} waits for ${by}: ${reason}.`)]
}

/** What nothing needs that was started, such as the deployment of a subgraph. */
async function runTasks(
  {client, stack}: GraphStack,
  {plan: {tasks}, caller, say, ran}: BegunReset,
): Promise<readonly string[]> {
  for (const task of tasks.filter((name) => !ran.has(name))) {
    say(`Running ${task}`)
    const {failure} = await client.task.run({...caller, stack, task, force: false})
    if (failure) return said([failure])
  }
  return []
}

function said(failed: Failures): readonly string[] {
  return failed.map(({name, reason, hint}) => `${name}: ${reason}. ${hint}`)
}
