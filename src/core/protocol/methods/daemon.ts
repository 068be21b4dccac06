import type {JsonObject} from '../../base/json.js'
import type {PluginChange, PluginProblem} from '../../contract/catalogue.js'
import type {StackSummary} from './stack.js'
import {method} from '../method.js'
import {boolean, described, object, optional, ref, string} from '../schema-parts.js'

/** Why what happens cannot be written down any more. */
export interface StateProblem {
  /** STATE_WRITE_FAILED. */
  readonly code: string
  readonly message: string
  readonly hint: string
}

export interface DaemonInfo {
  readonly pid: number
  readonly version: string
  readonly epoch: string
  readonly uptimeMs: number
  readonly listeners: readonly string[]
  /** `SHA256:…` of its public key, by which other machines know it. */
  readonly publicKey: string
  readonly stateDir: string
  readonly stacks: readonly StackSummary[]
  /** User plugins that were skipped. */
  readonly problems: readonly PluginProblem[]
  /** User plugins that were installed, updated or removed since it started: a restart loads them. */
  readonly pluginChanges: readonly PluginChange[]
  /** `null`: all is well. Else nothing that changes anything is done until another daemon runs, and what is told of services may be out of date. */
  readonly stateProblem: StateProblem | null
}

export const daemonMethods = {
  'daemon.info': method<Record<string, never>, DaemonInfo>({
    summary: 'The daemon itself.',
    since: 1,
    params: object({}),
    result: ref('DaemonInfo'),
  }),
  'daemon.metrics': method<Record<string, never>, {readonly contentType: string; readonly text: string}>({
    summary:
      'What can be measured of the daemon and its services, in the text format of Prometheus: the same as a GET of /metrics.',
    since: 1,
    params: object({}),
    result: object({contentType: string(), text: string()}),
  }),
  'daemon.shutdown': method<{readonly stopServices?: boolean}, JsonObject>({
    summary: 'Ends the daemon. Services go on unless they are to be stopped.',
    since: 1,
    params: object({
      stopServices: optional(
        described('Left out: as it was said when the daemon was started, which is mostly no', boolean()),
      ),
    }),
    result: object({}),
    repeatable: 'never',
  }),
} as const
