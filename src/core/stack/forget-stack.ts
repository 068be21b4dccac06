import {rm} from 'node:fs/promises'
import path from 'node:path'
import type {Clock} from '../base/clock.js'
import {HarnessError, messageOf} from '../base/errors.js'
import type {Json} from '../base/json.js'
import type {Log} from '../base/log.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {StackStatus} from '../contract/status.js'
import {findWorkload} from '../service/find-workload.js'
import {isAtRest, type AttemptRecord, type ServiceRecord} from '../service/record.js'
import type {Change, Store} from '../store/store.js'

export interface ForgetHost {
  readonly catalogue: Catalogue
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly runsDirectory: string
}

export interface Forgetting {
  /** Removes all that is remembered of the stack; to be committed with whatever takes its place. */
  readonly changes: readonly Change[]
  /** Removes what its attempts left on disk. Nobody needs to wait for it. */
  clean(): Promise<void>
}

/** How to forget a stack of which nothing is up; `undefined` while something of it may be there. */
export function forgetStack(id: string, host: ForgetHost): Forgetting | undefined {
  const {store} = host
  const services = store.entries(`service/${id}/`)
  const tasks = store.entries(`task/${id}/`)
  if (!services.every(([, record]) => isAtRest(record as unknown as ServiceRecord))) return undefined
  if (tasks.some(([, record]) => (record as {desired?: Json}).desired === 'up')) return undefined
  const attempts = [...services, ...tasks].flatMap(([, record]) => attemptsOf(record))
  const beside = ['env', 'history', 'lease'].flatMap((kind) => store.entries(`${kind}/${id}/`))
  const keys = [...services, ...tasks, ...beside].map(([key]) => key)
  return {
    changes: [`stack/${id}`, ...keys].map((key) => ({key, value: undefined})),
    async clean() {
      await Promise.all(attempts.map((attempt) => removeAttempt(attempt, host)))
      await rm(path.join(host.runsDirectory, id), {recursive: true, force: true}).catch(() => undefined)
    },
  }
}

const resting: ReadonlySet<string> = new Set(['Blocked', 'Failed', 'NotStarted', 'Skipped', 'Stopped', 'Succeeded'])

/** Why a stack cannot be forgotten. */
export function stackInUse({name, services, tasks}: StackStatus): HarnessError {
  const active = [
    ...services.filter(({state, desired}) => desired === 'up' || !resting.has(state)),
    ...tasks.filter(({state}) => state === 'Running'),
  ].map((node) => `${node.name} is ${node.state}`)
  return new HarnessError('STACK_IN_USE', {subject: name, ...(active.length > 0 && {reason: active.join(', ')})})
}

/** Services run of which the records say otherwise: without their run directories nobody could find them again. */
export function runsUnknown(subject: string, services: readonly string[]): HarnessError {
  return new HarnessError('STACK_IN_USE', {
    subject,
    reason: `of ${services.join(', ')} something runs whose record was lost`,
    hint: 'Run `harness daemon restart`, which takes it over, then `harness stop`; `harness debug census` shows what is left.',
  })
}

function attemptsOf(record: Json): readonly AttemptRecord[] {
  const {current, earlier} = record as unknown as Pick<ServiceRecord, 'current' | 'earlier'>
  return current ? [...earlier, current] : earlier
}

async function removeAttempt({saved}: AttemptRecord, {catalogue, clock, log}: ForgetHost): Promise<void> {
  const executor = catalogue.executor(saved.executor)
  try {
    const handle = executor && (await findWorkload(executor, saved, clock))
    await handle?.destroy()
    handle?.release()
  } catch (error) {
    log.warn('an old attempt could not be removed', {id: saved.id, error: messageOf(error)})
  }
}
