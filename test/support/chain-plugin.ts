import type {Json, JsonSchema} from '../../src/core/base/json.js'
import type {RegisterHook} from '../../src/core/contract/plugin.js'
import type {PluginServices} from '../../src/core/contract/services.js'
import type {ServiceType} from '../../src/core/contract/service-type.js'
import type {PluginSource} from '../../src/core/plugin/plugin-source.js'

/** A plugin with a service type `chain`, whose actions do well, or do not. */
export const chainPlugin: PluginSource = {
  name: 'harness-plugin-chain',
  version: '0.1.0',
  kind: 'user',
  api: '^1.0',
  load: () => Promise.resolve({default: register}),
}

const register: RegisterHook = (services) =>
  Promise.resolve({name: 'chain', serviceTypes: [chainType(services) as ServiceType]})

const object = <T>(properties: object, required = Object.keys(properties)): JsonSchema<T> => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const height = object<{readonly height: number}>({height: {type: 'integer'}})
const nothing = object<object>({})

export function chainType(services: Pick<PluginServices, 'error'>): ServiceType<{readonly secret?: string}> {
  return {
    type: 'chain',
    summary: 'A chain that mines on demand.',
    configSchema: object({secret: {type: 'string'}}, []),
    defaults: () => ({target: {type: 'process', spec: {binary: 'sleep', args: ['600']}}}),
    actions: {
      mine: {
        summary: 'Mines blocks.',
        input: object({blocks: {type: 'integer', minimum: 1, description: 'How many.'}, label: {type: 'string'}}, [
          'blocks',
        ]),
        output: height,
        event: object<Json>({block: {type: 'integer'}}),
        run(input, context) {
          const {blocks} = input as {readonly blocks: number}
          context.progress(`mining ${blocks}`)
          for (let block = 1; block <= blocks; block += 1) context.emit({block})
          context.emit({nonsense: true})
          return Promise.resolve({height: blocks})
        },
      },
      look: {
        summary: 'Tells what it sees around it.',
        input: nothing,
        output: {},
        run(_input, context) {
          const {config, directory, target, handle} = context
          return Promise.resolve({
            config,
            directory,
            target: target.type,
            pid: typeof handle.place.pid,
            port: context.endpoint('rpc').port > 0,
          })
        },
      },
      wait: {
        summary: 'Waits until it is told to end.',
        input: nothing,
        output: {},
        run: (_input, context) =>
          new Promise((_resolve, reject) => {
            context.signal.addEventListener('abort', () => {
              reject(context.signal.reason as Error)
            })
            context.emit('waiting')
          }),
      },
      lie: {summary: 'Answers what it must not.', input: {}, output: height, run: () => Promise.resolve('high')},
      fail: {
        summary: 'Fails.',
        input: {},
        output: {},
        run: () =>
          Promise.reject(services.error('PLUGIN_FAILED', {subject: 'chain', reason: 'no gas', hint: 'Buy some.'})),
      },
    },
  }
}
