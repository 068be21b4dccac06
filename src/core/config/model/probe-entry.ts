import type {JsonObject} from '../../base/json.js'
import type {Probe, ProbeCheck} from '../../contract/probe.js'
import {escapeTemplate} from '../template.js'
import {durationText, present} from './spelling.js'

/** A health check with all its timing. */
export function probeEntry(probe: Probe): JsonObject {
  return present({
    ...checkEntry(probe.check),
    interval: durationText(probe.intervalMs),
    timeout: durationText(probe.timeoutMs),
    retries: probe.failureThreshold,
    start_period: durationText(probe.startPeriodMs),
    start_interval: durationText(probe.startIntervalMs),
    success_threshold: probe.successThreshold,
  })
}

function checkEntry(check: ProbeCheck): JsonObject {
  switch (check.kind) {
    case 'http': {
      const {url, method, headers, expectedStatus, expectedBody} = check
      const http = present({
        url,
        method,
        headers: Object.keys(headers).length === 0 ? undefined : headers,
        expected_status: escapeTemplate(expectedStatus),
        expected_body: expectedBody,
      })
      return {http}
    }
    case 'tcp':
      return {tcp: {host: check.host, port: check.port}}
    case 'command':
      return {command: {program: check.program, args: check.args, on: check.on}}
    case 'log':
      return {log: escapeTemplate(check.pattern)}
    case 'all':
    case 'any':
      return {[check.kind]: check.checks.map(checkEntry)}
  }
}
