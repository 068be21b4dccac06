import path from 'node:path'
import type {ResultOf, StackDefinition} from '@service-harness/cli/plugin'
import {commandError} from '../command-error.js'
import type {GraphStack} from '../graph-stack.js'
import {dependentsOf} from './dependents.js'

export interface ResetPlan {
  /** Of the stack. */
  readonly name: string
  readonly anvil: string
  /** All services that were up, and are to be up again. */
  readonly up: readonly string[]
  /** Those of them that hang on the chain, the chain first, and every graph-node. */
  readonly stops: readonly string[]
  /** Services of type postgres that run: their databases are emptied. */
  readonly databases: readonly string[]
  /** Tasks that had succeeded on the old chain. */
  readonly tasks: readonly string[]
  /** What is kept in files of the user, and will be removed or emptied. */
  readonly kept: readonly Kept[]
}

interface Kept {
  readonly service: string
  /** Absolute. */
  readonly file: string
  /** The file of a chain is removed; a database is emptied by its server. */
  readonly isChain: boolean
}

type Status = ResultOf<'service.status'>

/** What a reset has to do, from what is there now. Changes nothing. Throws where nothing can be reset. */
export async function planReset(
  {client, stack, services}: GraphStack,
  {anvil, definition}: {readonly anvil: string; readonly definition: StackDefinition | undefined},
): Promise<ResetPlan> {
  const status = await client.service.status({stack})
  const ofType = (type: string): readonly string[] =>
    services.filter(({serviceType}) => serviceType === type).map(({service}) => service)
  const up = upOf(status)
  if (up.length === 0) throw nothingRuns()
  const roots = [anvil, ...ofType('graph-node')]
  const below = definition ? dependentsOf(definition, roots) : {services: roots, tasks: []}
  const databases = ofType('postgres').filter((name) => up.includes(name))
  if (definition)
    refuseOldData(
      definition,
      ofType('postgres').filter((name) => !up.includes(name)),
    )
  return {
    name: status.name,
    anvil,
    up,
    stops: below.services.filter((name) => up.includes(name)),
    databases,
    tasks: status.tasks
      .filter(({name, state}) => below.tasks.includes(name) && (state === 'Succeeded' || state === 'Skipped'))
      .map(({name}) => name),
    kept: definition ? [anvil, ...databases].flatMap((name) => keptBy(definition, name, name === anvil)) : [],
  }
}

function nothingRuns(): Error {
  return commandError('ACTION_FAILED', {
    subject: 'graph reset',
    reason: 'nothing of the stack runs',
    hint: 'Run `harness graph up`: what keeps no data in files begins anew with it.',
  })
}

/** Only a server can empty its databases, and old ones do not go with a new chain. */
function refuseOldData(definition: StackDefinition, stopped: readonly string[]): void {
  const [kept] = stopped.flatMap((name) => keptBy(definition, name, false))
  if (kept === undefined) return
  throw commandError('ACTION_FAILED', {
    subject: 'graph reset',
    reason: `${kept.service} keeps its data in ${kept.file}, and does not run`,
    hint: `Run \`harness start ${kept.service}\`, so that its databases can be emptied.`,
  })
}

const down: ReadonlySet<string> = new Set(['NotStarted', 'Stopped', 'Failed'])

function upOf({services}: Status): readonly string[] {
  return services.filter(({state, desired}) => desired === 'up' && !down.has(state)).map(({name}) => name)
}

/** `state` of anvil, `data` of postgres. */
function keptBy({services, directory}: StackDefinition, name: string, isChain: boolean): readonly Kept[] {
  const config = services[name]?.config as Readonly<Record<string, unknown>> | undefined
  const file = config?.[isChain ? 'state' : 'data']
  return typeof file === 'string' ? [{service: name, file: path.resolve(directory, file), isChain}] : []
}
