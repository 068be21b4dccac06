import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../cli/base-command.js'
import {stackFlags} from '../cli/flags.js'
import {serviceName} from '../cli/require-names.js'
import {execService} from '../cli/session/exec-service.js'
import {parseVariables} from '../cli/session/parse-variables.js'
import {separateCommand} from '../cli/session/separate-command.js'

export default class Exec extends HarnessCommand {
  static override summary = 'Run a command beside a running service.'
  static override description =
    'In its directory and with its environment, without a shell. At a terminal the command gets one of its own; else its output is passed on byte for byte. The first Ctrl-C is for the command, a second one ends it. Whatever it has started ends with it, with the service, and with this command. The exit code is the one of the command: 128 and the number of the signal that ended it, 127 when there is no such program, 126 when it cannot be run. When harness itself fails before, its own codes hold.'
  static override examples = [
    {description: 'A shell where the service is', command: '<%= config.bin %> <%= command.id %> api -- bash'},
    {description: 'One command', command: '<%= config.bin %> <%= command.id %> api -- npm run migrate'},
    {description: 'With a file as its input', command: '<%= config.bin %> <%= command.id %> db -- psql < dump.sql'},
  ]
  static override args = {
    service: Args.string({required: true, ignoreStdin: true, description: 'The service.'}),
    command: Args.string({
      required: true,
      multiple: true,
      description: 'The program and its arguments: all that stands behind the service, or behind `--`.',
    }),
  }
  static override flags = {
    ...stackFlags,
    tty: Flags.boolean({
      char: 't',
      default: false,
      summary: 'Give it a terminal. Standard where input and output are terminals.',
      exclusive: ['no-tty'],
    }),
    'no-tty': Flags.boolean({
      char: 'T',
      default: false,
      summary: 'Give it none: standard output and standard error stay apart.',
    }),
    interactive: Flags.boolean({
      char: 'i',
      default: true,
      allowNo: true,
      summary: 'Give it standard input, as is standard; --no-interactive gives it none.',
    }),
    variable: Flags.string({
      char: 'e',
      multiple: true,
      multipleNonGreedy: true,
      summary: 'A variable beside those of the service; NAME alone takes its value from here.',
      helpValue: 'NAME=VALUE',
    }),
    workdir: Flags.string({
      char: 'w',
      summary: 'Run it in this directory, from that of the service.',
      helpValue: 'DIRECTORY',
    }),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Exec, [...separateCommand(this.argv, Exec.flags)])
    const isTerminal = process.stdin.isTTY && process.stdout.isTTY
    const wish = {
      choice: flags,
      service: serviceName(args.service),
      command: args.command,
      tty: !flags['no-tty'] && (flags.tty || isTerminal),
      interactive: flags.interactive,
      variables: parseVariables(flags.variable ?? [], process.env),
      workdir: flags.workdir,
    }
    this.exitWith(await execService(this.host(flags), wish))
  }
}
