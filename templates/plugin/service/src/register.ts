import type {RegisterHook} from '@service-harness/cli/plugin'
import {serviceType} from './service-type.js'

/** What harness asks this package for. */
const register: RegisterHook = () => Promise.resolve({name: 'my-plugin', serviceTypes: [serviceType]})

export default register
