import {Command} from '@oclif/core/command'

export default class GraphQuery extends Command {
  static override summary = 'Ask a subgraph.'

  run(): Promise<void> {
    return Promise.resolve()
  }
}
