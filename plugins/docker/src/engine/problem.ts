import type {PluginServices} from '@service-harness/cli/plugin'
import type {EngineAddress} from './address.js'

/** How the library hands over what the engine refuses: a status of HTTP, and words. */
interface Refusal {
  readonly statusCode?: number
  readonly json?: {readonly message?: string} | undefined
  readonly code?: string
  readonly message?: string
}

/** The status of HTTP with which the engine refused; `undefined` when it did not answer. */
export function statusOf(error: unknown): number | undefined {
  return (error as Refusal).statusCode
}

export function isMissing(error: unknown): boolean {
  return statusOf(error) === 404
}

/** It is not there, or does not answer: what has become of a container cannot be told now. */
export function isAway(error: unknown): boolean {
  return statusOf(error) === undefined && !isOurs(error)
}

/** What `Engine.ask` makes of an engine that is away. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EXECUTOR_UNAVAILABLE'
}

/** One that says all there is to say, or that of a signal that was aborted: nothing to make another one of. */
export function isOurs(error: unknown): boolean {
  return error instanceof Error && (error.name === 'HarnessError' || error.name === 'AbortError')
}

/** What says only which part of the engine said it: the library, and the programs that it runs one inside the other. */
const detours = [
  /^\(HTTP code \d+\) [a-z ]+ - /,
  /^Error response from daemon: /,
  /^failed to create (shim )?task(?: for container)?: /,
  /^OCI runtime create failed: /,
  /^(?:runc create failed|container_linux\.go:\d+): /,
  /^(?:unable to start container process|starting container process caused): /,
  /^(?:error during container init|process_linux\.go:\d+): /,
]

/** The engine's own words, without the library's, and without the way that they have come. */
export function wordsOf(error: unknown): string {
  const {json, message} = error as Refusal
  const said = (json?.message ?? message ?? String(error)).trim()
  return detours.reduce((words, detour) => words.replace(detour, ''), said).replace(/(?:: unknown)?\.?$/, '')
}

const unreachable: Readonly<Record<string, string>> = {
  EACCES: 'this user may not use its socket',
  EPERM: 'this user may not use its socket',
  ENOENT: 'there is no engine at that place',
  ECONNREFUSED: 'no engine answers there',
  ECONNRESET: 'it hung up',
  ENOTFOUND: 'there is no such host',
  ETIMEDOUT: 'it does not answer',
}

/** Makes the errors that people meet. */
export type Errors = Pick<PluginServices, 'error'>

/** One clear error for an engine that cannot be used. */
export function noEngine(services: Errors, {host, from}: EngineAddress, error: unknown): Error {
  const code = (error as Refusal).code ?? ''
  const why = unreachable[code] ?? wordsOf(error)
  return services.error('EXECUTOR_UNAVAILABLE', {
    subject: 'docker',
    reason: `the engine at ${host} (from ${from}) cannot be used: ${why}`,
    hint: hintFor(code, why),
    cause: error,
  })
}

/** Of what goes wrong with the program that reaches an engine behind SSH. */
export const sshCode = 'SSH'

function hintFor(code: string, why: string): string {
  if (code === sshCode) {
    return 'Try `ssh HOST docker version` with the host of DOCKER_HOST or the docker context: it must work without a question.'
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return 'Let this user use it with `sudo usermod -aG docker "$USER"`, log in again, and run `harness daemon restart`; or use a rootless engine.'
  }
  if (/certificate|ssl|tls/i.test(`${code} ${why}`)) {
    return 'Compare ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH, or those of the docker context, with what the engine was given, and run `harness daemon restart`.'
  }
  return 'Start it (`sudo systemctl start docker`), or say where it is with DOCKER_HOST or `docker context use`, and run `harness daemon restart`.'
}

/** One clear error for settings that name no engine: nobody could be asked. */
export function badConfiguration(services: Errors, error: unknown): Error {
  return services.error('EXECUTOR_UNAVAILABLE', {
    subject: 'docker',
    reason: wordsOf(error),
    hint: 'Correct DOCKER_HOST, DOCKER_CERT_PATH or the docker context (`docker context ls`), and run `harness daemon restart`.',
    cause: error,
  })
}
