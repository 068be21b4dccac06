import {hostname, networkInterfaces} from 'node:os'
import {HarnessError} from '../core/base/errors.js'
import {isLoopback} from '../core/transport/admission.js'

export interface ListenAddress {
  readonly host: string
  readonly port: number
  /** `false`: another port when this one is busy. */
  readonly exact: boolean
  /** What clients on other machines may call this one. Only with an address that they can reach. */
  readonly names?: readonly string[]
}

/** What the flags say about it. */
export interface ListenFlags {
  readonly listen?: string | undefined
  readonly 'allow-remote'?: boolean | undefined
  readonly 'host-name'?: readonly string[] | undefined
}

/** Where a daemon listens when nobody says otherwise. */
export const usualAddress: ListenAddress = {host: '127.0.0.1', port: 9443, exact: false}

/**
 * `--listen HOST:PORT`: that address or an error. Without it the usual one, or a free port beside it. An address that other machines can
 * reach wants `--allow-remote`.
 */
export function parseListen(flags: ListenFlags): ListenAddress {
  const {listen, 'allow-remote': allowRemote, 'host-name': hostNames = []} = flags
  if (listen === undefined) {
    if (allowRemote || hostNames.length > 0) {
      throw new HarnessError('USAGE', {
        subject: allowRemote ? '--allow-remote' : '--host-name',
        reason: 'it says who may come to the address of --listen, and there is none',
        hint: 'Write --listen 0.0.0.0:9443 --allow-remote, for one.',
      })
    }
    return usualAddress
  }
  const {host, port} = parseAddress(listen)
  if (isLoopback(host)) return {host, port, exact: true}
  if (!allowRemote) {
    throw new HarnessError('USAGE', {
      subject: `--listen ${listen}`,
      reason: 'other machines can reach this address, and whoever has the token can run programs as this user',
      hint: `Write --listen ${listen} --allow-remote when that is what you want, or --listen 127.0.0.1:${port}.`,
    })
  }
  return {host, port, exact: true, names: [...ownNames(), ...hostNames.map(checkName)]}
}

function parseAddress(text: string): {readonly host: string; readonly port: number} {
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  if (host !== undefined && port <= 65_535) return {host, port}
  throw new HarnessError('USAGE', {
    subject: `--listen ${text}`,
    reason: 'expected HOST:PORT',
    hint: 'Write --listen 127.0.0.1:9443, or --listen [::1]:9443.',
  })
}

/** The addresses of this machine and its name: no web page can make a browser call it by another name than these. */
function ownNames(): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return [hostname(), ...addresses.map(({address, family}) => (family === 'IPv6' ? `[${address}]` : address))]
}

function checkName(name: string): string {
  if (/^(\[[\da-f:.]+\]|[a-z\d]([a-z\d.-]*[a-z\d])?)(:\d{1,5})?$/i.test(name)) return name
  throw new HarnessError('USAGE', {
    subject: `--host-name ${name}`,
    reason: 'expected the name of a host, with a port where that is another than the one of --listen',
    hint: 'Write --host-name build.example.org, or --host-name build.example.org:443.',
  })
}
