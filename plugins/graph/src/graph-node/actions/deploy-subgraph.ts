import path from 'node:path'
import type {PluginServices} from '@service-harness/cli/plugin'
import {IpfsClient} from '../../ipfs/client.js'
import {object} from '../../shared/object-schema.js'
import {GraphNode} from '../graph-node.js'
import {readManifest, withLinks, type Manifest} from '../manifest.js'
import {name} from '../which.js'
import type {GraphNodeAction} from './action.js'

export interface Input {
  readonly name: string
  readonly ipfs_hash?: string
  readonly path?: string
  readonly version_label?: string
  readonly node_id?: string
}

export interface Deployed {
  readonly name: string
  readonly deployment: string
  readonly queries: string
}

/** Uploads a built subgraph where it is given as a path, and has graph-node index it. Doing it twice changes nothing. */
export function deploySubgraph(services: PluginServices): GraphNodeAction<Input, Deployed> {
  return {
    summary: 'Deploys a subgraph, from a folder or from IPFS.',
    input: object(
      {
        name,
        ipfs_hash: {
          type: 'string',
          pattern: '^Qm[1-9A-HJ-NP-Za-km-z]{44}$',
          description: 'The manifest on IPFS, `Qm…`. Either this or `path`.',
        },
        path: {
          type: 'string',
          minLength: 1,
          description:
            'The folder of a subgraph that is built, or its build/subgraph.yaml. Either this or `ipfs_hash`.',
        },
        version_label: {type: 'string', minLength: 1, description: 'Such as `v0.0.1`, for people.'},
        node_id: {type: 'string', minLength: 1, description: 'The node that indexes it.'},
      },
      ['name'],
    ),
    output: object({
      name,
      deployment: {type: 'string', description: 'The CID of the manifest, by which the deployment is called.'},
      queries: {type: 'string', description: 'Where its data can be queried.'},
    }),
    async run(input, context) {
      const node = new GraphNode(context, services)
      if ((input.ipfs_hash === undefined) === (input.path === undefined))
        throw node.invalid('give either `ipfs_hash` or `path`, and one of them')
      const hash =
        input.ipfs_hash ??
        (await upload(node, path.resolve(context.directory, input.path ?? '.'), (line) => {
          context.progress(line)
        }))
      await node.admin('subgraph_create', {name: input.name})
      context.progress(`deploying ${hash} as ${input.name}`)
      await deploy(node, hash, input)
      return {name: input.name, deployment: hash, queries: node.queryUrl(`/subgraphs/name/${input.name}`)}
    },
  }
}

async function deploy(node: GraphNode, hash: string, {name, version_label, node_id}: Input): Promise<void> {
  await node.admin('subgraph_deploy', {
    name,
    ipfs_hash: hash,
    ...(version_label === undefined ? {} : {version_label}),
    ...(node_id === undefined ? {} : {node_id}),
  })
}

async function upload(node: GraphNode, given: string, progress: (message: string) => void): Promise<string> {
  const manifest = await readManifest(node, given)
  checkNetworks(node, manifest)
  const ipfs = new IpfsClient(node.ipfs, node.wire)
  const hashes = new Map<string, string>()
  for (const [file, at] of manifest.files) {
    const {hash} = await ipfs.addFile(file, {file: at})
    progress(`uploaded ${file}: ${hash}`)
    hashes.set(file, hash)
  }
  const {hash} = await ipfs.addFile('subgraph.yaml', Buffer.from(withLinks(manifest, hashes)))
  progress(`uploaded subgraph.yaml: ${hash}`)
  return hash
}

/** graph-node says of it only that it is not supported. */
function checkNetworks(node: GraphNode, {file, networks}: Manifest): void {
  const known = node.networks
  const unknown = networks.find((each) => known?.includes(each) === false)
  if (known === undefined || unknown === undefined) return
  throw node.failed(
    `the subgraph is for the network '${unknown}', and graph-node has ${known.map((each) => `'${each}'`).join(', ')}`,
    `Write one of these as \`network\` in the manifest, build it again (${file}), or add '${unknown}' under \`ethereum\` in the config of the service.`,
  )
}
