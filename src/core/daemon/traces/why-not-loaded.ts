import {messageOf, systemCode} from '../../base/errors.js'

/** Why spans cannot be exported although they are wanted. The packages are optional ones: an installation may have left them out. */
export function whyNotLoaded(error: unknown): {readonly reason: string; readonly hint?: string} {
  if (systemCode(error) !== 'ERR_MODULE_NOT_FOUND') return {reason: messageOf(error)}
  return {
    reason: 'the packages of OpenTelemetry are not installed',
    hint: 'Run `npm install --global --include=optional @service-harness/cli`, or the same without --global where harness is part of a project, then `harness daemon restart`.',
  }
}
