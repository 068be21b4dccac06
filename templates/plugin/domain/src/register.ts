import type {RegisterHook} from '@service-harness/cli/plugin'
import {seedTask} from './seed-task.js'
import {serviceType} from './service-type.js'

/** What harness asks this package for. The commands are found by oclif. */
const register: RegisterHook = () =>
  Promise.resolve({name: 'my-plugin', serviceTypes: [serviceType], taskTypes: [seedTask]})

export default register
