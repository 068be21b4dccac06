import path from 'node:path'
import {Command} from '@oclif/core/command'
import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {jsonFlag, serviceFlag, stackFlags} from '../../command/flags.js'

export default class GraphDeploy extends Command {
  static override summary = 'Deploy a subgraph that is built, and wait until it is indexed.'
  static override description =
    'By the actions `deploy-subgraph` and `wait-for-sync` of the service of type graph-node. Ends with an error when its indexing fails.'
  static override examples = [
    {
      description: 'Build one first: `graph build`, or `gnd build`',
      command: '<%= config.bin %> <%= command.id %> subgraph',
    },
    '<%= config.bin %> <%= command.id %> subgraph --name acme/token --timeout 300',
  ]
  static override args = {
    dir: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'Its folder, or the subgraph.yaml that was built.',
    }),
  }
  static override flags = {
    ...stackFlags,
    ...serviceFlag('graph-node'),
    ...jsonFlag,
    name: Flags.string({
      char: 'n',
      summary: 'What it is called in queries. Left out: as its folder.',
      helpValue: 'NAME',
    }),
    'version-label': Flags.string({char: 'l', summary: 'Such as v0.0.1.', helpValue: 'LABEL'}),
    wait: Flags.boolean({
      default: true,
      allowNo: true,
      summary: 'Wait until it is indexed up to the head of the chain.',
    }),
    timeout: Flags.integer({min: 1, default: 120, summary: 'Wait no longer than this.', helpValue: 'SECONDS'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(GraphDeploy)
    const [{openGraphStack}, {findService}, {deploySubgraph}] = await Promise.all([
      import('../../command/graph-stack.js'),
      import('../../command/find-service.js'),
      import('../../command/deploy-subgraph.js'),
    ])
    await using opened = await openGraphStack(this.config, flags)
    const deployed = await deploySubgraph(opened, {
      service: findService(opened.services, 'graph-node', flags.service),
      path: path.resolve(args.dir),
      name: flags.name,
      label: flags['version-label'],
      timeoutSecs: flags.wait ? flags.timeout : undefined,
    })
    if (flags.json) {
      this.log(JSON.stringify(deployed, null, 2))
      return
    }
    const {name, deployment, queries, block} = deployed
    this.log(`${name} is deployed as ${deployment}${block === undefined ? '' : `, and indexed up to block ${block}`}.`)
    this.log(`Queries: ${queries}`)
  }
}
