import {Command} from '@oclif/core/command'
import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {serviceFlag, stackFlags} from '../../command/flags.js'

export default class GraphQuery extends Command {
  static override summary = 'Ask a subgraph.'
  static override description =
    'Prints `data` of the answer as JSON. A query that is answered with errors is an error of the command, with exit code 4.'
  static override examples = [
    "<%= config.bin %> <%= command.id %> token '{transfers {value}}'",
    {
      description: 'With variables',
      command:
        '<%= config.bin %> <%= command.id %> token \'query ($id: ID!) {account(id: $id) {balance}}\' --variables \'{"id": "0x…"}\'',
    },
  ]
  static override args = {
    name: Args.string({required: true, ignoreStdin: true, description: 'The name that it is deployed under.'}),
    query: Args.string({required: true, ignoreStdin: true, description: 'GraphQL.'}),
  }
  static override flags = {
    ...stackFlags,
    ...serviceFlag('graph-node'),
    variables: Flags.string({summary: 'The variables of the query.', helpValue: 'JSON'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(GraphQuery)
    const [{openGraphStack}, {findService}, {act}, {parseVariables}] = await Promise.all([
      import('../../command/graph-stack.js'),
      import('../../command/find-service.js'),
      import('../../command/act.js'),
      import('../../command/parse-variables.js'),
    ])
    const variables = parseVariables(flags.variables)
    await using opened = await openGraphStack(this.config, flags)
    const service = findService(opened.services, 'graph-node', flags.service)
    const input = {name: args.name, query: args.query, ...(variables && {variables})}
    const {data} = await act<{readonly data: object}>(opened, {service, action: 'query-subgraph', input})
    this.log(JSON.stringify(data, null, 2))
  }
}
