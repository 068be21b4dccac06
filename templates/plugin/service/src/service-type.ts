import {fileURLToPath} from 'node:url'
import type {Probe, ServiceType} from '@service-harness/cli/plugin'
import {importEntries} from './actions/import.js'
import {listKeys} from './actions/list.js'
import {putEntry} from './actions/put.js'
import {configSchema, type Config} from './config.js'
import {eventSchema, toEvent, type StoreEvent} from './event.js'
import {setup} from './setup.js'

/** The same file for src/ and dist/. */
const program = fileURLToPath(new URL('../server/store.mjs', import.meta.url))

/** What `service_type: my-plugin` means. `satisfies` keeps what the actions take and give: programs call them by `typeof serviceType`. */
export const serviceType = {
  type: 'my-plugin',
  summary: 'Keeps texts under keys, in memory.',
  configSchema,
  defaults(_config, {name}) {
    // A free port is picked before the start, and stands here then.
    const port = `\${${name}.ports.http}`
    return {
      ports: [{name: 'http', protocol: 'http', port: 0}],
      target: {type: 'process', spec: {binary: process.execPath, args: [program, `--port=${port}`]}},
      readiness: answers(`http://127.0.0.1:${port}/health`),
      graceMs: 2000,
    }
  },
  setup,
  actions: {put: putEntry, list: listKeys, import: importEntries},
  event: eventSchema,
  processEvent: toEvent,
} satisfies ServiceType<Config, StoreEvent>

function answers(url: string): Probe {
  return {
    check: {kind: 'http', url, method: 'GET', headers: {}, expectedStatus: '200'},
    intervalMs: 5000,
    startIntervalMs: 50,
    startPeriodMs: 0,
    timeoutMs: 1000,
    successThreshold: 1,
    failureThreshold: 3,
  }
}
