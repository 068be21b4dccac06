import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {printable} from '../core/base/printable.js'
import {endWithoutTerminal} from './lost-output.js'
import {signalExits} from './signals.js'
import {openTerminal, type Terminal} from './terminal.js'
import type {Host} from './with-daemon.js'

interface CommonFlags {
  readonly 'no-color': boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly json?: boolean | undefined
  /** Only of commands that can speak with a daemon elsewhere. */
  readonly daemon?: string | undefined
}

/** What every command shares: the common flags, and a terminal that obeys them. */
export abstract class HarnessCommand extends Command {
  static override baseFlags = {
    'no-color': Flags.boolean({default: false, summary: 'Print without colours.', helpGroup: 'GLOBAL'}),
    quiet: Flags.boolean({default: false, char: 'q', summary: 'Print results and errors only.', helpGroup: 'GLOBAL'}),
    verbose: Flags.boolean({
      default: false,
      char: 'v',
      summary: 'Print more: the stack of an unexpected error.',
      helpGroup: 'GLOBAL',
    }),
  }

  protected terminal(flags: CommonFlags): Terminal {
    return openTerminal({
      json: flags.json ?? false,
      quiet: flags.quiet,
      verbose: flags.verbose,
      colour: !flags['no-color'],
    })
  }

  /** What speaks with the daemon for this command. */
  protected host(flags: CommonFlags): Host {
    const terminal = this.terminal(flags)
    const elsewhere = process.env['HARNESS_DAEMON']
    if (elsewhere && flags.daemon === undefined) {
      terminal.note(
        `This is about the daemon of this machine, not about that of HARNESS_DAEMON, ${printable(elsewhere)}.`,
      )
    }
    return {
      terminal,
      root: this.config.root,
      version: this.config.version,
      remote: flags.daemon === '' ? undefined : flags.daemon,
    }
  }

  /** Ends the command with this code once everything is printed and closed. */
  protected exitWith(code: number): void {
    process.exitCode = code
    if (code === signalExits.SIGHUP) endWithoutTerminal()
  }
}
