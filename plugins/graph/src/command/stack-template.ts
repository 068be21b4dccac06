/** A stack file with everything that a subgraph needs. @param folder gives the stack its name */
export function stackTemplate(folder: string): string {
  return `# The Graph on this machine: a chain, IPFS, PostgreSQL and graph-node.
#
#   harness graph up                            starts all of it
#   harness graph deploy ./subgraph --name NAME deploys a subgraph that is built
#   harness graph query NAME '{…}'              asks it
#   harness graph mine 10                       mines blocks
#   harness graph reset                         a new chain, and empty databases
#   harness graph down                          stops it, and leaves nothing
#
# \`harness action list SERVICE\` shows what else a service can do. Every \`config\` may be left out: it shows what is usual.

version: '1'
name: ${nameFrom(folder)}

services:
  postgres:
    service_type: postgres
    config: {user: graph-node, password: let-me-in, databases: [graph-node]}
    # ports: {postgres: 0} # a free port in place of 5432

  ipfs:
    service_type: ipfs

  anvil:
    service_type: anvil
    config: {chain_id: 31337}

  graph-node:
    service_type: graph-node
    config:
      ethereum: {hardhat: '\${anvil.url}'} # \`network: hardhat\` in subgraph.yaml
    dependencies:
      - postgres
      - ipfs
      - anvil
      # - task: contracts # deploy before anything is indexed

tasks:
  # harness task run contracts: a project of Hardhat or Foundry in ./contracts, or any command that prints \`NAME deployed at 0x…\`
  contracts:
    task_type: graph-contracts
    action:
      type: DeployAll
      ethereum_url: '\${anvil.url}'
      working_dir: ./contracts
    dependencies: [anvil]
`
}

/** What may stand as the name of a stack. */
function nameFrom(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+/, '')
    .slice(0, 63)
  return name === '' ? 'graph' : name
}
