import assert from 'node:assert/strict'
import type {Json, JsonObject} from '../core/base/json.js'
import type {RegisterHook} from '../core/contract/plugin.js'
import type {ServiceType} from '../core/contract/service-type.js'
import type {RunningStack} from '../core/client/api/running-stack.js'
import {withCatalogue} from './catalogue-of.js'
import {assertCompiles, assertFits, assertRefuses} from './check-schema.js'
import type {TestRunner} from './executor-suite.js'
import {openTestHost, type TestHost} from './test-host.js'

/** One call of an action on the running service. */
export interface ActionExample {
  /** Its name. */
  readonly action: string
  /** What it is given; must fit its schema. */
  readonly input: Json
  /** Throws when it is not what was expected. Output and events have been checked against their schemas before. */
  readonly check?: (output: Json, events: readonly Json[]) => Promise<void> | void
}

/** A service type under test, and what only its author knows about it. */
export interface ServiceTypeFixture {
  /** The default export of the plugin's module. */
  readonly register: RegisterHook
  /** Configurations that its schema must take. */
  readonly configs: readonly JsonObject[]
  /** Configurations that its schema must refuse. */
  readonly invalidConfigs: readonly Json[]
  /** A service of this type as it stands in a stack file, without `service_type`. It is run for real, under the name `subject`. */
  readonly service: JsonObject
  /** Other services of the stack, as in a stack file. @default none */
  readonly others?: JsonObject
  /** Carried out in this order. Every action of the type must be there. @default none */
  readonly actions?: readonly ActionExample[]
}

const kebabCase = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/

/**
 * The contract of service types as a test suite. The first part looks at what the type says of itself; the second runs a service of it, and its actions:
 *
 *     describeServiceType('redis', () => fixture, {describe, it})
 */
export function describeServiceType(
  type: string,
  setup: () => Promise<ServiceTypeFixture> | ServiceTypeFixture,
  runner: TestRunner,
): void {
  const withType = async (test: (found: ServiceType, fixture: ServiceTypeFixture) => void): Promise<void> => {
    const fixture = await setup()
    await withCatalogue(fixture.register, (catalogue) => {
      const found = catalogue.serviceType(type)
      assert.ok(found, `the plugin brings no service type '${type}', but ${catalogue.names.serviceTypes.join(', ')}`)
      test(found, fixture)
      return Promise.resolve()
    })
  }
  runner.describe(`service type contract: ${type}`, () => {
    runner.it('takes right configurations and refuses wrong ones', () =>
      withType((found, {configs, invalidConfigs}) => {
        assert.ok(configs.length > 0, 'the fixture has no configuration')
        for (const config of configs) assertFits(found.configSchema, config, JSON.stringify(config))
        for (const config of invalidConfigs) assertRefuses(found.configSchema, config, 'its schema')
      }),
    )
    runner.it('answers the same defaults each time, and leaves the configuration as it is', () =>
      withType((found, {configs}) => {
        for (const config of configs) {
          const given = deepFreeze(structuredClone(config))
          assert.deepEqual(found.defaults(given, {name: 'subject'}), found.defaults(given, {name: 'subject'}))
        }
      }),
    )
    runner.it('describes its actions', () =>
      withType(({actions = {}}) => {
        for (const [name, {summary, input, output, event}] of Object.entries(actions)) {
          assert.match(name, kebabCase, `action '${name}' is not in kebab-case`)
          assert.notEqual(summary.trim(), '', `action '${name}' has no summary`)
          assertCompiles(input, `the input of '${name}'`)
          assertCompiles(output, `the output of '${name}'`)
          if (event) assertCompiles(event, `the event of '${name}'`)
        }
      }),
    )
    liveCases(type, setup, runner)
  })
}

function liveCases(
  type: string,
  setup: () => Promise<ServiceTypeFixture> | ServiceTypeFixture,
  runner: TestRunner,
): void {
  const it: TestRunner['it'] = (title, run) => runner.it(title, run)
  const live = async (test: (live: Live) => Promise<void>): Promise<void> => {
    const fixture = await setup()
    await using host = await openTestHost({register: fixture.register})
    const subject = {...fixture.service, service_type: type}
    await using stack = await host.start({services: {...fixture.others, subject}})
    await test({fixture, host, stack})
  }
  it('starts, is ready, and stops', () =>
    live(async ({stack}) => {
      assert.equal(await stateOf(stack), 'Running')
      await stack.stop()
      assert.equal(await stateOf(stack), 'Stopped')
    }))
  it('does what its actions promise', () =>
    live(async ({fixture, host, stack}) => {
      const {actions} = await host.client.action.list({stack: stack.stack, service: 'subject'})
      const tried = new Set((fixture.actions ?? []).map(({action}) => action))
      const untried = actions.map(({name}) => name).filter((name) => !tried.has(name))
      assert.deepEqual(untried, [], 'actions without an example in the fixture')
      for (const example of fixture.actions ?? []) await carryOut(host, stack, example)
    }))
  it('refuses what is no input of its actions', () =>
    live(async ({host, stack}) => {
      const {actions} = await host.client.action.list({stack: stack.stack, service: 'subject'})
      for (const {name, input} of actions.filter((action) => action.input['type'] === 'object')) {
        const call = host.client.action.invoke({stack: stack.stack, service: 'subject', action: name, input: null})
        await assert.rejects(call, {code: 'ACTION_INPUT_INVALID'}, `'${name}' takes null for ${JSON.stringify(input)}`)
      }
    }))
  it('goes on under another daemon', () =>
    live(async ({fixture, host, stack}) => {
      await host.restart()
      assert.equal(await stateOf(stack), 'Running')
      const [first] = fixture.actions ?? []
      if (first) await carryOut(host, stack, {action: first.action, input: first.input})
    }))
  it('is ready again after a restart: its setup can be repeated', () =>
    live(async ({host, stack}) => {
      await host.client.service.restart({stack: stack.stack, services: ['subject']})
      assert.equal(await stateOf(stack), 'Running')
    }))
}

interface Live {
  readonly fixture: ServiceTypeFixture
  readonly host: TestHost
  readonly stack: RunningStack
}

async function stateOf(stack: RunningStack): Promise<string | undefined> {
  const {services} = await stack.status()
  return services.find(({name}) => name === 'subject')?.state
}

/** The host checks input, output and events against their schemas. */
async function carryOut(
  {client}: TestHost,
  {stack}: RunningStack,
  {action, input, check}: ActionExample,
): Promise<void> {
  const events: Json[] = []
  const {output} = await client.action.invoke(
    {stack, service: 'subject', action, input},
    {
      onProgress(progress) {
        if ('event' in progress) events.push(progress.event)
      },
    },
  )
  await check?.(output, events)
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze)
    Object.freeze(value)
  }
  return value
}
