import {abortReason} from '../base/clock.js'
import type {ProbeCheck} from '../contract/probe.js'
import type {ProbeResult} from './probe-result.js'
import {type Exec, probeCommand} from './probes/command.js'
import {probeHttp, shownUrl} from './probes/http.js'
import {probeTcp} from './probes/tcp.js'

export interface ProbeTools {
  /** Where a command check runs: the workload's own `exec`, or the host's. The caller looks at `check.on` and chooses. */
  readonly exec: Exec
  readonly signal: AbortSignal
}

/** Runs one check once. Whatever goes wrong is a result; it rejects only when `signal` aborts, with the signal's reason. */
export async function runProbe(check: ProbeCheck, {exec, signal}: ProbeTools): Promise<ProbeResult> {
  if (signal.aborted) throw abortReason(signal)
  switch (check.kind) {
    case 'http':
      return probeHttp(check, signal)
    case 'tcp':
      return probeTcp(check, signal)
    case 'command':
      return probeCommand(check, exec, signal)
  }
}

/** Names a check in messages, without what may be secret in it. */
export function describeCheck(check: ProbeCheck): string {
  switch (check.kind) {
    case 'http':
      return `http ${check.method} ${shownUrl(check.url)}`
    case 'tcp':
      return `tcp ${check.host}:${check.port}`
    case 'command':
      return `command '${check.program}'`
  }
}
