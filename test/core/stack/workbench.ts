import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {systemClock} from '../../../src/core/base/clock.js'
import {collectPlugins} from '../../../src/core/plugin/host.js'
import {createPluginServices} from '../../../src/core/plugin/plugin-services.js'
import {loadStack} from '../../../src/core/config/load-stack.js'
import type {Catalogue} from '../../../src/core/contract/catalogue.js'
import type {ServiceType} from '../../../src/core/contract/service-type.js'
import type {ServiceDefinition, StackDefinition} from '../../../src/core/contract/stack.js'
import type {LogLine} from '../../../src/core/contract/log.js'
import type {StackStatus, StartOutcome} from '../../../src/core/contract/status.js'
import {lentServices} from '../../../src/core/process/lent.js'
import {runCommand} from '../../../src/core/process/run-command.js'
import type {EventBody} from '../../../src/core/protocol/notifications.js'
import type {Stack, StartOptions} from '../../../src/core/stack/stack.js'
import type {AnsweredCheck} from '../../../src/core/service/attempt-watch.js'
import {Stacks} from '../../../src/core/stack/stacks.js'
import {memoryStore} from '../../../src/core/store/memory-store.js'
import {eventually, temporaryFolder} from '../process/temporary.js'
import {callerEnv, kill, processesOf, removed, troubleLog} from '../service/workbench.js'

/** Stacks with real processes over a store that outlives them; nothing runs afterwards. */
export async function workbench() {
  const folder = temporaryFolder()
  const store = memoryStore()
  const {log, troubles} = troubleLog()
  const events: EventBody[] = []
  const answered: AnsweredCheck[] = []
  const catalogue = await collectPlugins([builtIns], {
    clock: systemClock,
    log,
    servicesFor: (name) =>
      createPluginServices({name, stateDirectory: folder.path, log, lent: lentServices(systemClock)}),
  })
  const openStacks = (types = catalogue): Stacks =>
    new Stacks({
      catalogue: types,
      store,
      clock: systemClock,
      log,
      runsDirectory: path.join(folder.path, 'runs'),
      hostExec: (command, signal) => runCommand({...command, env: {...callerEnv, ...command.env}}, signal),
      onEvent: (event) => {
        events.push(event)
        bench.forward(event)
      },
      onAnswered: (check) => answered.push(check),
    })
  const all = new Set<Stacks>()
  let stacks = openStacks()
  all.add(stacks)
  const home = (sub: string): string => path.join(folder.path, sub)
  const bench = {
    folder: folder.path,
    store,
    events,
    /** Every answer of a check. */
    answered,
    troubles,
    catalogue,
    /** Hears each event besides. */
    forward: (_event: EventBody): void => undefined,
    get stacks() {
      return stacks
    },
    /** Writes a stack file into the folder and reads it. */
    async define(text: string, sub = '.'): Promise<StackDefinition> {
      mkdirSync(home(sub), {recursive: true})
      const file = path.join(home(sub), 'harness.yaml')
      writeFileSync(file, text)
      return (await loadStack({cwd: home(sub), files: [file], env: {}})).definition
    },
    async load(text: string, sub = '.'): Promise<Stack> {
      return stacks.load(await bench.define(text, sub))
    },
    /** The file with further fields for some of its services. */
    async loadWith(text: string, more: Readonly<Record<string, Partial<ServiceDefinition>>>): Promise<Stack> {
      const definition = await bench.define(text)
      const services = Object.entries(definition.services).map(([name, each]) => [name, {...each, ...more[name]}])
      return stacks.load({...definition, services: Object.fromEntries(services) as StackDefinition['services']})
    },
    /** From now on there is this service type as well. */
    async withServiceType(type: Partial<ServiceType>): Promise<void> {
      const whole: ServiceType = {type: 'own', summary: 'A service.', configSchema: {}, defaults: () => ({}), ...type}
      await bench.again({...catalogue, serviceType: (name) => (name === 'own' ? whole : catalogue.serviceType(name))})
    },
    /** The daemon ends and another one takes over what runs. */
    async again(types?: Catalogue): Promise<Stacks> {
      await stacks.close()
      stacks = openStacks(types)
      all.add(stacks)
      await stacks.recover()
      return stacks
    },
    /** What programs wrote into a file of the folder, line by line. */
    written: (file: string): readonly string[] => linesIn(path.join(folder.path, file)),
    left: () => processesOf(path.join(folder.path, 'runs')),
    async [Symbol.asyncDispose]() {
      for (const each of all) await each.close()
      await eventually(async () => {
        const left = await bench.left()
        for (const pid of left) kill(pid)
        return left.length === 0
      })
      await removed(folder)
    },
  }
  return bench
}

const builtIns = {
  name: '@service-harness/cli',
  version: '0.0.0',
  kind: 'core',
  api: '^1.0',
  load: () => import('../../../src/hooks/register.js'),
} as const

function linesIn(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean)
  } catch {
    return []
  }
}

/** In a stack file `$` begins a reference; a shell script has its own. */
const literal = (script: string): string => JSON.stringify(script.replaceAll('$', '$$$$'))

/** A service that runs this shell script, with further lines of its definition. */
export function sh(name: string, script: string, ...more: readonly string[]): string {
  const keys = ['type: process', 'binary: sh', `args: [-c, ${literal(script)}]`, 'shutdown_timeout: 2s', ...more]
  return [`  ${name}:`, ...keys.map((line) => `    ${line}`)].join('\n')
}

export function task(name: string, script: string, ...more: readonly string[]): string {
  const keys = [
    'task_type: command',
    `target: {type: process, binary: sh, args: [-c, ${literal(script)}]}`,
    'shutdown_timeout: 1s',
    ...more,
  ]
  return [`  ${name}:`, ...keys.map((line) => `    ${line}`)].join('\n')
}

/** A stack file: services, then tasks. */
export function file(services: readonly string[], tasks: readonly string[] = [], name = 'demo'): string {
  return [`name: ${name}`, 'services:', ...services, ...(tasks.length > 0 ? ['tasks:', ...tasks] : []), ''].join('\n')
}

export const forever = 'exec sleep 600'

export function start(stack: Stack, services: readonly string[] = [], more: Partial<StartOptions> = {}) {
  return stack.start({services, env: callerEnv, restart: false, ...more})
}

export function stop(stack: Stack, services: readonly string[] = [], dependents: 'leave' | 'refuse' | 'stop' = 'stop') {
  return stack.stop({services, dependents})
}

/** `api=Running db=Stopped seed=Succeeded`. */
export function states(stack: Stack): string {
  const {services, tasks}: StackStatus = stack.status([])
  return [...services, ...tasks].map(({name, state}) => `${name}=${state}`).join(' ')
}

/** The names in each list of an outcome that has any. */
export function summary(outcome: StartOutcome): object {
  const {started, failed, blocked, pending, unchanged} = outcome
  const lists = {
    started,
    failed: failed.map(({name, reason}) => `${name}: ${reason}`),
    blocked: blocked.map(({reason}) => reason),
    pending,
    unchanged,
  }
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0))
}

/** `api 1: text`, in the order they came. */
export const shown = ({service, attempt, text}: LogLine): string => `${service} ${attempt}: ${text}`
