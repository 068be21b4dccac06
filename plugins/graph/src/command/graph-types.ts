/** The service types of this plugin, in the order in which a stack is told of. */
export const graphTypes = ['postgres', 'ipfs', 'anvil', 'graph-node'] as const
