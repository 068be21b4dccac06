import {HarnessError} from '../core/base/errors.js'

export interface ListenAddress {
  readonly host: string
  readonly port: number
  /** `false`: another port when this one is busy. */
  readonly exact: boolean
}

/** Where a daemon listens when nobody says otherwise. */
export const usualAddress: ListenAddress = {host: '127.0.0.1', port: 9443, exact: false}

/** `--listen HOST:PORT`: that address or an error. Without it the usual one, or a free port beside it. */
export function parseListen(text: string | undefined): ListenAddress {
  if (text === undefined) return usualAddress
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  if (host === undefined || port > 65_535) {
    throw new HarnessError('USAGE', {
      subject: `--listen ${text}`,
      reason: 'expected HOST:PORT',
      hint: 'Write --listen 127.0.0.1:9443, or --listen [::1]:9443.',
    })
  }
  return {host, port, exact: true}
}
