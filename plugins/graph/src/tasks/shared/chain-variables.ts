/** How a program is told the address of the chain: by the names that tools know it by. */
export function chainVariables(url: string): Readonly<Record<string, string>> {
  return {ETHEREUM_URL: url, ETH_RPC_URL: url, RPC_URL: url}
}
