import {stat} from 'node:fs/promises'
import path from 'node:path'
import type {JsonSchema, PluginServices, TaskContext, TaskType} from '@service-harness/cli/plugin'
import {deploySubgraph, type Deployed} from '../../graph-node/actions/deploy-subgraph.js'
import {waitForSync} from '../../graph-node/actions/wait-for-sync.js'
import {ChainWatch} from '../../graph-node/chain-watch.js'
import {GraphNode} from '../../graph-node/graph-node.js'
import {findStatus} from '../../graph-node/indexing-status.js'
import {object} from '../../shared/object-schema.js'
import {runTool, type ToolLine} from '../shared/run-tool.js'
import {toolLine} from '../shared/tool-line.js'
import {workingDirectory} from '../shared/working-directory.js'
import {asService, asTask} from './as-service.js'
import type {SubgraphEvent} from './event.js'
import {subgraphInput, type SubgraphInput} from './input.js'
import {manifestCid} from './manifest-cid.js'

/** `task_type: subgraph-deploy` */
export function subgraphDeploy(given: PluginServices): TaskType<SubgraphInput, Deployed, SubgraphEvent> {
  const services = asTask(given)
  return {
    type: 'subgraph-deploy',
    summary: 'Builds, uploads and deploys a subgraph, unless it is what stands under its name already.',
    input: subgraphInput,
    output: object({
      name: {type: 'string', description: 'The name of the subgraph.'},
      deployment: {type: 'string', description: 'The CID of the manifest, by which the deployment is called.'},
      queries: {type: 'string', description: 'Where its data can be queried.'},
    }),
    event: subgraphEvent,
    dependsOn: ({service = 'graph-node'}) => [{kind: 'service', name: service}],
    isComplete: (input, context) => isDeployed(services, input, context),
    async run(input, context) {
      if (input.build) await build(services, input, context)
      const {name, path: from, ipfs_hash: hash, version_label: label, timeout_secs: seconds} = input
      const service = asService(input, context)
      const deployed = await deploySubgraph(services).run(
        {
          name,
          ...(from === undefined ? {} : {path: from}),
          ...(hash === undefined ? {} : {ipfs_hash: hash}),
          ...(label === undefined ? {} : {version_label: label}),
        },
        service,
      )
      const {deployment} = deployed
      if (input.wait === 'synced') {
        const wish = {deployment, ...(seconds === undefined ? {} : {timeout_secs: seconds})}
        await waitForSync(services).run(wish, service)
      }
      return deployed
    },
  }
}

const subgraphEvent: JsonSchema<SubgraphEvent> = {
  anyOf: [
    object({
      block: {type: 'integer', description: 'The newest block that is indexed.'},
      head: {type: 'integer', description: 'The head of the chain.'},
    }),
    toolLine,
  ],
}

/** What is built each time may become another one; what is not built yet is none. */
async function isDeployed(
  services: PluginServices,
  input: SubgraphInput,
  context: TaskContext<SubgraphEvent>,
): Promise<boolean> {
  if (input.build) return false
  const node = new GraphNode(asService(input, context), services)
  const {path: from, name, ipfs_hash: hash} = input
  const wanted = hash ?? (await manifestCid(node, path.resolve(context.directory, from ?? '.')))
  const status = await findStatus(node, {name})
  if (status?.deployment !== wanted || status.node === null) return false
  if (input.wait !== 'synced') return true
  // As in the wait after a deployment: what graph-node knows of the head, and that it is `synced`, it says late.
  const head = await new ChainWatch(node, status.network).head(status)
  return status.health === 'healthy' && status.latest_block !== null && status.latest_block.number >= head
}

async function build(
  services: PluginServices,
  {build: [program = '', ...args] = [], path: from = '.'}: SubgraphInput,
  context: TaskContext<SubgraphEvent>,
): Promise<void> {
  const at = path.resolve(context.directory, from)
  const isFile = (await stat(at).catch(() => undefined))?.isFile() ?? false
  const cwd = await workingDirectory(isFile ? path.dirname(at) : at, context.directory, {services})
  const install = 'Run `npm install` there, or name the program by its path in `build`.'
  const onLine = (line: ToolLine): void => {
    context.emit(line)
  }
  await runTool({program, args, cwd, install, env: {}}, {services, context, onLine})
}
