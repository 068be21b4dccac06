import {abortReason} from '../base/clock.js'
import type {CommandSpec} from '../contract/command.js'
import type {ProbeCheck} from '../contract/probe.js'
import type {ExecResult} from '../contract/workload.js'
import type {ProbeResult} from './probe-result.js'
import {probeCommand} from './probes/command.js'
import {probeHttp, shownUrl} from './probes/http.js'
import {probeTcp} from './probes/tcp.js'

export interface ProbeTools {
  /** Runs a command where the service runs, or on this host. */
  readonly exec: (
    command: CommandSpec,
    signal: AbortSignal,
    on: Extract<ProbeCheck, {kind: 'command'}>['on'],
  ) => Promise<ExecResult>
  /** The named groups of the first line of this attempt that matched a pattern; `undefined` while none has. */
  readonly logMatch: (pattern: string) => Readonly<Record<string, string>> | undefined
  readonly signal: AbortSignal
  /** Takes secrets out of a text, before it is cut. @default leaves it */
  readonly mask?: Mask
}

export type Mask = (text: string) => string

/** Runs one check once. Whatever goes wrong is a result; it rejects only when `signal` aborts, with the signal's reason. */
export async function runProbe(check: ProbeCheck, tools: ProbeTools): Promise<ProbeResult> {
  const {exec, logMatch, signal, mask = asItIs} = tools
  if (signal.aborted) throw abortReason(signal)
  switch (check.kind) {
    case 'http':
      return probeHttp(check, signal, mask)
    case 'tcp':
      return probeTcp(check, signal)
    case 'command':
      return probeCommand(check, (command, stop) => exec(command, stop, check.on), signal, mask)
    case 'log':
      return logMatch(check.pattern)
        ? {ok: true, message: `${describeCheck(check)}: found`}
        : {ok: false, message: `${describeCheck(check)}: no such line so far`}
    case 'all':
    case 'any':
      return combine(check.kind, await Promise.all(check.checks.map((each) => runProbe(each, tools))))
  }
}

/** The first result that decides speaks for all. */
function combine(kind: 'all' | 'any', results: readonly ProbeResult[]): ProbeResult {
  const ok = kind === 'all' ? results.every((result) => result.ok) : results.some((result) => result.ok)
  const deciding = results.filter((result) => result.ok === ok).map(({message}) => message)
  return {ok, message: ok === (kind === 'any') ? (deciding[0] ?? '') : deciding.join('; ')}
}

/** Names a check in messages, without what may be secret in it. */
export function describeCheck(check: ProbeCheck, mask: Mask = asItIs): string {
  switch (check.kind) {
    case 'http':
      return `http ${check.method} ${shownUrl(mask(check.url))}`
    case 'tcp':
      return `tcp ${check.host}:${check.port}`
    case 'command':
      return `command '${check.program}'`
    case 'log':
      return `log '${check.pattern}'`
    case 'all':
    case 'any':
      return `${check.kind} of ${check.checks.map((each) => describeCheck(each, mask)).join(', ')}`
  }
}

const asItIs: Mask = (text) => text
