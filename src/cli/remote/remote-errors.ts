import {HarnessError, isHarnessError, type ErrorInfo} from '../../core/base/errors.js'
import {tokenHint} from '../../core/client/remote-token.js'

/** Nobody has accepted its key yet. */
export function untrusted(address: string, publicKey: string): HarnessError {
  return new HarnessError('DAEMON_UNTRUSTED', {
    subject: address,
    reason: `it shows the public key ${publicKey}`,
    hint: `Compare that with what \`harness daemon status\` shows on its machine, then run \`harness daemon trust ${address} --fingerprint ${publicKey}\`.`,
    details: {publicKey},
  })
}

/** It shows another key than the one that was accepted or is expected. */
export function changedKey(address: string, expected: string, got: string): HarnessError {
  return new HarnessError('CERTIFICATE_MISMATCH', {
    subject: address,
    reason: ['SOMEBODY MAY BE BETWEEN YOU AND IT. Nothing was sent.', `expected ${expected}`, `got      ${got}`].join(
      '\n',
    ),
    hint: `Ask who runs it whether its key was made anew. Only when it was: \`harness daemon forget ${address}\`, then \`harness daemon trust ${address}\`.`,
    details: {expected, got},
  })
}

/** What went wrong with a daemon on another machine, with a hint that makes sense from here. */
export function fromAfar(error: unknown, address: string): unknown {
  if (!isHarnessError(error)) return error
  const {code, subject, details} = error
  if (code === 'CERTIFICATE_MISMATCH') {
    const {expected, got} = details as {readonly expected: string; readonly got: string | null}
    return changedKey(address, expected, got ?? 'none')
  }
  const hint = hints[code]?.(address)
  if (hint === undefined) return error
  const info: ErrorInfo = {subject, hint, cause: error}
  return new HarnessError(code, {
    ...info,
    ...(error.reason !== undefined && {reason: error.reason}),
    ...(details !== undefined && {details}),
  })
}

const hints: Readonly<Partial<Record<string, (address: string) => string>>> = {
  DAEMON_UNREACHABLE: () =>
    `See on its machine with \`harness daemon status\` where it listens; other machines reach it with \`harness daemon restart --listen 0.0.0.0:9443 --allow-remote\`.`,
  UNAUTHORIZED: tokenHint,
}
