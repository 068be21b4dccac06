import type {RegisterHook, ServiceType, TaskType} from '@service-harness/cli/plugin'
import {redisLoad} from './load.js'
import {redis} from './redis.js'

const register: RegisterHook = () =>
  Promise.resolve({
    name: 'redis',
    serviceTypes: [redis as ServiceType],
    taskTypes: [redisLoad as TaskType],
  })

export default register
export {redis} from './redis.js'
