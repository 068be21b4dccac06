import {isAddress} from './found-contract.js'

/** What a line of a tool tells of a contract. */
export interface ContractLine {
  /** `undefined`: the line names only the address, as `forge create` does. */
  readonly contract: string | undefined
  readonly address?: string
  readonly status: 'deployed' | 'deploying' | 'reused'
}

const address = '(?<address>0x[0-9a-fA-F]{40})\\b'

/** Whole lines, so that an address which is only mentioned is none that was deployed. */
const patterns: readonly {readonly pattern: RegExp; readonly status: ContractLine['status']}[] = [
  {pattern: new RegExp(`^reusing "(?<name>[^"]+)" at ${address}`), status: 'reused'},
  {pattern: new RegExp(`^\\s*(?<name>[\\w#]+) (?:is )?already deployed at:? ${address}`), status: 'reused'},
  {pattern: new RegExp(`^deploying "(?<name>[^"]+)".*?: deployed at ${address}`), status: 'deployed'},
  {pattern: new RegExp(`^\\s*(?<name>[\\w#]+) deployed (?:at|to):? ${address}`), status: 'deployed'},
  {pattern: new RegExp(`^(?<name>[\\w#]+) - ${address}$`), status: 'deployed'},
  {pattern: new RegExp(`^Deployed to: ${address}`), status: 'deployed'},
  {pattern: /^deploying "(?<name>[^"]+)"/, status: 'deploying'},
  {pattern: /^Deploying (?<name>[\w#]+)(?:\.\.\.|…)?$/, status: 'deploying'},
  {pattern: /^\s*Executing (?<name>\w+#\w+)(?:\.\.\.|…)$/, status: 'deploying'},
]

/** Reads a line without colours. `undefined`: it tells of no contract. */
export function readLine(line: string): ContractLine | undefined {
  const text = line.trimEnd()
  for (const {pattern, status} of patterns) {
    const groups = pattern.exec(text)?.groups
    if (!groups) continue
    const {name, address: at} = groups
    return {contract: name, status, ...(isAddress(at) ? {address: at} : {})}
  }
  return undefined
}
