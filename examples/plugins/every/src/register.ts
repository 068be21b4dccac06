import type {RegisterHook} from '@service-harness/cli/plugin'
import {every} from './every.js'

const register: RegisterHook = () => Promise.resolve({name: 'every', executors: [every]})

export default register
