import {parseArgs} from 'node:util'

export interface Provider {
  readonly network: string
  /** As graph-node takes it: what it can do may stand before its URL. */
  readonly url: string
}

export interface Settings {
  readonly postgres: string
  readonly ipfs: string
  readonly providers: readonly [Provider, ...(readonly Provider[])]
  readonly ports: {readonly http: number; readonly admin: number; readonly status: number; readonly metrics: number}
  readonly binary: string | undefined
}

/** Addresses come as arguments, or in the variables that graph-node itself reads; `ETHEREUM_RPC` has as many providers as there are words. */
export function readSettings(args: readonly string[], env: NodeJS.ProcessEnv): Settings {
  const text = {type: 'string'} as const
  const {values} = parseArgs({
    args: [...args],
    options: {
      ...{http: text, admin: text, status: text, metrics: text, binary: text},
      ...{'postgres-url': text, ipfs: text, 'ethereum-rpc': text},
    },
  })
  const [first, ...others] = needed(values['ethereum-rpc'] ?? env['ETHEREUM_RPC'], 'ETHEREUM_RPC', 'ethereum')
    .split(/\s+/)
    .map(providerOf)
  if (first === undefined) throw new Error('ETHEREUM_RPC is empty')
  return {
    postgres: needed(values['postgres-url'] ?? env['POSTGRES_URL'], 'POSTGRES_URL', 'postgres'),
    ipfs: needed(values.ipfs ?? env['IPFS'], 'IPFS', 'ipfs').replace(/\/$/, ''),
    providers: [first, ...others],
    ports: {
      http: Number(values.http ?? 8000),
      admin: Number(values.admin ?? 8020),
      status: Number(values.status ?? 8030),
      metrics: Number(values.metrics ?? 8040),
    },
    binary: values.binary,
  }
}

/** @param key where it stands in the config of the service */
function needed(value: string | undefined, name: string, key: string): string {
  const text = value?.trim() ?? ''
  if (text === '') throw new Error(`The variable ${name} is not set: write \`${key}\` in the config of the service`)
  return text
}

function providerOf(text: string): Provider {
  const colon = text.indexOf(':')
  if (colon <= 0) throw new Error(`ETHEREUM_RPC has '${text}', which is not NETWORK:URL`)
  return {network: text.slice(0, colon), url: text.slice(colon + 1)}
}
