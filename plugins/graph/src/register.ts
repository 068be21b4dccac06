import type {RegisterHook, ServiceType} from '@service-harness/cli/plugin'
import {anvil} from './anvil/type.js'
import {graphNode} from './graph-node/type.js'
import {ipfs} from './ipfs/type.js'
import {postgres} from './postgres/type.js'
import {taskTypes} from './tasks/types.js'

const register: RegisterHook = (services) =>
  Promise.resolve({
    name: 'graph',
    serviceTypes: [anvil, graphNode, ipfs, postgres].map((type) => type(services) as ServiceType),
    taskTypes: taskTypes(services),
  })

export default register
