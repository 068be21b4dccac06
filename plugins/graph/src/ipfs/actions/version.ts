import type {Action, PluginServices, ServiceContext} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {clientOf} from '../client-of.js'
import type {IpfsVersion} from '../client.js'
import type {IpfsConfig} from '../config.js'

export function version(services: PluginServices): Action<ServiceContext<IpfsConfig>, object, IpfsVersion> {
  return {
    summary: 'Tells which IPFS it is.',
    input: object<object>({}),
    output: object<IpfsVersion>({
      implementation: {
        enum: ['kubo', 'built-in', 'other'],
        description: '`built-in` is the server of this plugin, which has no network.',
      },
      version: {type: 'string', description: 'Its own: that of the built-in server is none of Kubo’s.'},
      agent: {type: 'string', description: 'What it calls itself.'},
    }),
    run: (_input, context) => clientOf(context, services).version(),
  }
}
