import {nameOf} from '../address/name-of.js'
import type {Address} from '../address/resolve-address.js'
import {wordsOf, type Errors} from '../problem.js'

const words: Readonly<Record<string, string>> = {
  EACCES: 'this user may not connect to it',
  EADDRNOTAVAIL: 'this machine has no address from which it could be reached',
  EAI_AGAIN: 'its name cannot be looked up now',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'it hung up',
  EHOSTUNREACH: 'no route leads there',
  ENETUNREACH: 'no route leads there',
  ENOTFOUND: 'there is no host of that name',
  EPIPE: 'it hung up',
  ETIMEDOUT: 'it does not answer',
}

/** One clear error for a machine that nothing leads to. */
export function whyUnreachable(errors: Errors, address: Address, error: unknown): Error {
  const {code, name} = error as {readonly code?: unknown; readonly name?: string}
  const isLate = name === 'TimeoutError' || /timed out/i.test(wordsOf(error))
  const known = typeof code === 'string' ? words[code] : undefined
  return errors.error('SSH_UNREACHABLE', {
    subject: nameOf(address),
    reason: isLate ? `it does not answer within ${address.connectTimeoutMs / 1000} s` : (known ?? said(wordsOf(error))),
    hint: hintFor(code),
    cause: error,
  })
}

function said(text: string): string {
  return /before handshake/i.test(text) ? 'what answers there hung up at once' : text
}

function hintFor(code: unknown): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return "Correct 'host', or give it a 'Host' with a 'HostName' in ~/.ssh/config."
  if (code === 'ECONNREFUSED')
    return "See whether its sshd runs, and at which port: 'port', or 'Port' in ~/.ssh/config."
  return 'Try `ssh` to the same host: it must come through from this machine.'
}
