import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {askHost} from '../ask-host.js'

export default class Mcp extends Command {
  static override summary = 'Lend the stacks to agents as tools: a model context server on standard input and output.'
  static override description =
    'For the configuration of an agent, which starts it. Tools for stacks, services, logs and tasks, and one for each action of each service. Ends with its standard input; services go on.'
  static override examples = [
    {description: 'All stacks of the daemon', command: '<%= config.bin %> <%= command.id %>'},
    {description: 'One stack', command: '<%= config.bin %> <%= command.id %> -c /home/me/shop/harness.yaml'},
    {
      description: 'For an agent that only looks',
      command: '<%= config.bin %> <%= command.id %> --stack shop --read-only',
    },
  ]
  static override flags = {
    config: Flags.string({
      char: 'c',
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Only the stack of this file. Several are merged.',
      helpValue: 'FILE',
      helpGroup: 'GLOBAL',
    }),
    stack: Flags.string({
      summary: 'Only this stack, by the name that the daemon knows it by.',
      helpValue: 'NAME',
      helpGroup: 'GLOBAL',
      exclusive: ['config'],
    }),
    env: Flags.string({
      summary: 'Lay this entry of `environments` over the stack file.',
      helpValue: 'NAME',
      helpGroup: 'GLOBAL',
      env: 'HARNESS_ENV',
    }),
    daemon: Flags.string({
      summary: 'Speak with the daemon at this address instead of that of this machine.',
      helpValue: 'wss://HOST:PORT',
      helpGroup: 'GLOBAL',
      env: 'HARNESS_DAEMON',
    }),
    'read-only': Flags.boolean({default: false, summary: 'No tool that changes anything: actions and tasks neither.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Mcp)
    if (flags.config?.includes('-')) this.error('Standard input is the agent: name a file with -c FILE.', {exit: 2})
    const only = flags.config || flags.stack !== undefined ? flags : undefined
    const {serve} = await import('../server/serve.js')
    const place = flags.daemon ? {daemon: flags.daemon} : {}
    await serve({
      ask: (wish) => askHost(this.config, {...wish, ...place}),
      only,
      readOnly: flags['read-only'],
      version: this.config.version,
    })
  }
}
