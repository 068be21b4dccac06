import {rm} from 'node:fs/promises'
import type {ExecutorFactory, StartRequest, WorkloadHandle} from '@service-harness/cli/plugin'
import {Loop} from './loop.js'

export interface EverySpec {
  /** The program and its arguments. */
  readonly command: readonly string[]
  /** The pause between the end of a run and the beginning of the next, in seconds. */
  readonly seconds: number
  /** How many runs there are. Left out: until it is stopped. */
  readonly times?: number
}

const kind = 'every'

/** `type: every` in a stack file. Its loop is a part of the daemon: it ends with it, and begins anew after it. */
export const every: ExecutorFactory<EverySpec, Record<string, never>> = (services) => ({
  kind,
  capabilities: {exec: false, signal: false, recover: false, ownership: 'managed', local: true, hostPorts: true},
  specSchema: {
    type: 'object',
    properties: {
      command: {type: 'array', items: {type: 'string'}, minItems: 1, description: 'The program and its arguments.'},
      seconds: {type: 'number', minimum: 0, description: 'The pause between two runs.'},
      times: {type: 'integer', minimum: 1, description: 'How many runs there are.'},
    },
    required: ['command', 'seconds'],
    additionalProperties: false,
  },
  handleVersion: 1,
  fingerprint: () =>
    Promise.resolve({health: 'healthy', description: 'Runs commands of this machine.', attributes: {}}),
  intent: ({id}) => ({executor: kind, version: 1, id, state: {}}),
  start: (request) => Promise.resolve(begin(request, services)),
  // Nothing outlives the daemon, so that there is nothing to be found again.
  recover: () => Promise.resolve(undefined),
})

function begin(
  request: StartRequest<EverySpec>,
  services: Parameters<typeof every>[0],
): WorkloadHandle<Record<string, never>> {
  const {id, runDirectory, logs} = request
  const spool = services.openSpool({directory: runDirectory, logs})
  const loop = new Loop(request, (stream, bytes) => spool.write(stream, bytes, Date.now()))
  const startedAt = Date.now()
  const released = new AbortController()
  const release = (): void => {
    released.abort()
    spool.close()
  }
  return {
    id,
    place: {},
    startedAt,
    endpoints: [],
    logs: spool.logs,
    events: services.workloadEvents({
      logs: spool.logs.map((source) => ({source, from: 0})),
      ended: loop.ended.then((status) => ({status, at: Date.now()})),
      signal: released.signal,
    }),
    save: () => ({executor: kind, version: 1, id, state: {}}),
    wait: (signal) => loop.wait(signal),
    stop: (options) => loop.stop(options),
    async destroy() {
      release()
      await rm(runDirectory, {recursive: true, force: true})
    },
    release,
  }
}
