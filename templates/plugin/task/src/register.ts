import type {RegisterHook} from '@service-harness/cli/plugin'
import {createTaskType} from './task-type.js'

/** What harness asks this package for. */
const register: RegisterHook = (services) => Promise.resolve({name: 'my-plugin', taskTypes: [createTaskType(services)]})

export default register
