import type {RegisterHook} from '@service-harness/cli/plugin'
import {createExecutor} from './executor.js'

/** What harness asks this package for. */
const register: RegisterHook = () => Promise.resolve({name: 'my-plugin', executors: [createExecutor]})

export default register
