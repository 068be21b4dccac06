import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {Json, JsonSchema} from '../../../src/core/base/json.js'
import type {RegisterHook} from '../../../src/core/contract/plugin.js'
import type {ServiceType} from '../../../src/core/contract/service-type.js'
import type {TaskType} from '../../../src/core/contract/task-type.js'
import {describeServiceType, describeTaskType, openTestHost, type ServiceTypeFixture} from '../../../src/testing.js'

const object = <T>(properties: object, required = Object.keys(properties)): JsonSchema<T> => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

const counter: ServiceType<{readonly step?: number}> = {
  type: 'counter',
  summary: 'Counts.',
  configSchema: object({step: {type: 'integer'}}, []),
  defaults: () => ({target: {type: 'process', spec: {binary: 'sleep', args: ['600']}}}),
  actions: {
    'count-to': {
      summary: 'Counts.',
      input: object({end: {type: 'integer'}}),
      output: object({counted: {type: 'integer'}}),
      event: {type: 'integer'},
      run(input, context) {
        const {end} = input as {readonly end: number}
        for (let at = 0; at < end; at += context.config.step ?? 1) context.emit(at)
        return Promise.resolve({counted: end})
      },
    },
  },
}

const mark: TaskType<{readonly word: string}, {readonly word: string}> = {
  type: 'mark',
  summary: 'Marks.',
  input: object({word: {type: 'string'}}),
  output: object({word: {type: 'string'}}),
  isComplete: () => Promise.resolve(marked),
  run(input) {
    marked = true
    return Promise.resolve(input)
  },
  processEvent: (event) => (event.kind === 'line' ? event.text : undefined),
}
let marked = false

const register: RegisterHook = () =>
  Promise.resolve({name: 'counting', serviceTypes: [counter as ServiceType], taskTypes: [mark as TaskType]})

const fixture: ServiceTypeFixture = {
  register,
  configs: [{}, {step: 2}],
  invalidConfigs: [{step: 'two'}, {stride: 2}],
  service: {config: {step: 2}},
  actions: [
    {
      action: 'count-to',
      input: {end: 3},
      check(output, events) {
        assert.deepEqual([output, events], [{counted: 3}, [0, 2]])
      },
    },
  ],
}

describeServiceType('counter', () => fixture, {describe, it})
describeTaskType(
  'mark',
  () => {
    marked = false
    return {
      register,
      inputs: [{word: 'a'}],
      invalidInputs: [{}, {word: 1}],
      task: {config: {word: 'seen'}},
      check(output: Json) {
        assert.deepEqual(output, {word: 'seen'})
      },
    }
  },
  {describe, it},
)

/** Runs a suite by hand, and answers the titles of what fails. */
async function failuresOf(
  define: (runner: {describe: typeof describeNow; it: typeof itNow}) => void,
): Promise<string[]> {
  const cases: (readonly [string, () => Promise<void>])[] = []
  define({
    describe: (_title, body) => {
      body()
    },
    it: (title, run) => cases.push([title, run]),
  })
  const failed: string[] = []
  for (const [title, run] of cases) await run().catch(() => failed.push(title))
  return failed
}
declare function describeNow(title: string, define: () => void): unknown
declare function itNow(title: string, run: () => Promise<void>): unknown

describe('the contract of service types', function () {
  this.timeout(60_000)

  it('finds what does not keep it', async () => {
    let defaults = 0
    const broken: ServiceType = {
      ...(counter as ServiceType),
      configSchema: {},
      defaults: () => ({graceMs: (defaults += 1), target: {type: 'process', spec: {binary: 'sleep', args: ['600']}}}),
      actions: {
        Count_To: {
          summary: ' ',
          input: {type: 'object'},
          output: {type: 'integer'},
          run: () => Promise.resolve('three'),
        },
      },
    }
    const wrong: ServiceTypeFixture = {
      ...fixture,
      register: () => Promise.resolve({name: 'wrong', serviceTypes: [broken]}),
      service: {},
      actions: [],
    }
    assert.deepEqual(
      await failuresOf((runner) => {
        describeServiceType('counter', () => wrong, runner)
      }),
      [
        'takes right configurations and refuses wrong ones',
        'answers the same defaults each time, and leaves the configuration as it is',
        'describes its actions',
        'does what its actions promise',
      ],
    )
  })
})

describe('openTestHost', () => {
  it('says why a stack does not start, and leaves nothing', async () => {
    await using host = await openTestHost({register})
    const dies = {type: 'process', binary: 'sh', args: ['-c', 'echo no luck >&2; exit 3']}
    await assert.rejects(host.start({services: {dies}}), {code: 'STACK_FAILED', message: /no luck/})
    await assert.rejects(host.start({services: {odd: {service_type: 'odd'}}}), {
      code: 'CONFIG_INVALID',
      message: /No plugin brings the service type 'odd'/,
    })
  })

  it('is an error where the host would leave the plugin out', async () => {
    const nonsense = (() => Promise.resolve({nonsense: true})) as unknown as RegisterHook
    await assert.rejects(openTestHost({register: nonsense}), {code: 'PLUGIN_FAILED', message: /nonsense is not known/})
  })
})
