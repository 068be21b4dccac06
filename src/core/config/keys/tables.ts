import {commandCheckTable, httpCheckTable, logCheckTable, tcpCheckTable} from './check-kinds.js'
import {commandTable} from './command.js'
import {dependencyTable} from './dependency.js'
import {envFileTable, includeTable} from './files.js'
import {checkTable, healthCheckTable} from './health-check.js'
import {logsTable} from './logs.js'
import type {MapName} from './names.js'
import {networkTable, nodeTable} from './network.js'
import {namedPortTable, portTable} from './port.js'
import {restartTable, retriesTable} from './restart.js'
import {scheduleTable} from './schedule.js'
import {secretTable} from './secret.js'
import {serviceTable} from './service.js'
import {settingsTable} from './settings.js'
import {environmentTable, stackTable} from './stack.js'
import type {MapTable} from './table.js'
import {taskTable} from './task.js'
import {watchActionTable, watchTable} from './watch.js'

/** Every map of the stack file, in the order of the reference. */
export const keyTables: {readonly [Map in MapName]: MapTable<Map>} = {
  stack: stackTable,
  settings: settingsTable,
  service: serviceTable,
  task: taskTable,
  port: portTable,
  namedPort: namedPortTable,
  dependency: dependencyTable,
  healthCheck: healthCheckTable,
  check: checkTable,
  httpCheck: httpCheckTable,
  tcpCheck: tcpCheckTable,
  commandCheck: commandCheckTable,
  logCheck: logCheckTable,
  restart: restartTable,
  watch: watchTable,
  watchAction: watchActionTable,
  command: commandTable,
  logs: logsTable,
  retries: retriesTable,
  schedule: scheduleTable,
  include: includeTable,
  envFile: envFileTable,
  secret: secretTable,
  environment: environmentTable,
  network: networkTable,
  node: nodeTable,
}
