import {localLayer} from '../core/command/local-layer.js'
import type {RegisterHook} from '../core/contract/plugin.js'
import {commandTask} from '../core/executors/command-task.js'
import {processAttachExecutor} from '../core/executors/process-attach/executor.js'
import {processExecutor} from '../core/executors/process/executor.js'
import {systemdAttachExecutor} from '../core/executors/systemd-attach/executor.js'
import {systemdExecutor} from '../core/executors/systemd/executor.js'

/** The built-ins, through the same hook as everyone else's. */
const register: RegisterHook = () =>
  Promise.resolve({
    name: 'core',
    executors: [processExecutor, processAttachExecutor, systemdExecutor, systemdAttachExecutor],
    layers: [localLayer],
    taskTypes: [commandTask],
  })

export default register
