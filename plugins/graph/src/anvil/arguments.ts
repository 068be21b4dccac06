type Value = number | string | undefined

/** `--name value` of each that is given. */
export function flags(values: Readonly<Record<string, Value>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]))
}

/** Those that are given. */
export function variablesOf(values: Readonly<Record<string, Value>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
}

/** Keeps the chain in a file, with the balances at earlier blocks: who indexes a chain asks for them. */
export function stateArguments(file: string): readonly string[] {
  return ['--state', file, '--preserve-historical-states', '--state-interval', '30']
}

/** A name for the URL of the forked chain, which may hold a secret and stands in the environment: other users can read command lines. */
export const forkName = 'harness_fork'

/** https://getfoundry.sh/config/reference/testing#rpc_endpoints */
export function forkEnvironment(url: string): Readonly<Record<string, string>> {
  return {FOUNDRY_RPC_ENDPOINTS: `{${forkName}=${JSON.stringify(url)}}`}
}

/** What the launch script is told by, where it is given at all. */
export const launchVariables = {
  binary: 'HARNESS_ANVIL_BINARY',
  mnemonic: 'HARNESS_ANVIL_MNEMONIC',
  state: 'HARNESS_ANVIL_STATE',
  forkUrl: 'HARNESS_ANVIL_FORK_URL',
  forkBlock: 'HARNESS_ANVIL_FORK_BLOCK',
} as const

/** Has the launch script begin a new chain, which is no fork. */
export const newChainSignal = 'SIGUSR2'
