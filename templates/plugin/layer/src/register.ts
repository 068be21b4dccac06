import type {RegisterHook} from '@service-harness/cli/plugin'
import {layer} from './layer.js'

/** What harness asks this package for. */
const register: RegisterHook = () => Promise.resolve({name: 'my-plugin', layers: [layer]})

export default register
