import type {CommandSpec, Layer, PluginServices} from '@service-harness/cli/plugin'
import {clientArguments, namedHost} from './client-arguments.js'
import {sshLayerSchema, type SshLayerSpec} from './layer-spec.js'
import {readsScript, remoteScript} from './layer-scripts.js'

export interface SshLayerOptions {
  /** An absolute path: what the first `ssh` on the way, that of this machine, reads instead of its usual configuration, unless the layer names another. */
  readonly config?: string | undefined
}

/** How long a command has to end there where nobody says otherwise. */
const usualGraceMs = 2000

/**
 * Runs the command on another machine, by OpenSSH's `ssh` and the POSIX shell there. The command line that the shell there gets is always the same short
 * one: it reads a script of a known length from its input, and all that the command is (program, arguments, variables, folder) stands in that script. So no
 * value is in a command line here or there but the program's own arguments in that of the program, nothing has to be quoted twice, and what
 * comes after the script is the input of the command, which may again begin with the script of the next layer.
 */
export function sshLayer(shell: PluginServices['shell'], {config}: SshLayerOptions = {}): Layer<SshLayerSpec> {
  return {
    kind: 'ssh',
    specSchema: sshLayerSchema,
    describe: (spec) => `ssh ${namedHost(spec)}`,
    wrap(command, given, {isHere} = {isHere: false}) {
      const spec = isHere && config !== undefined ? {config, ...given} : given
      const script = remoteScript(command, {shell, graceMs: command.graceMs ?? usualGraceMs})
      const words = ['ssh', ...clientArguments(spec, shell), readsScript(script)]
      return {
        ...clientOf(words, command, shell),
        env: {},
        lead: script + (command.lead ?? ''),
        ...(command.stdin !== undefined && {stdin: command.stdin}),
        ...(command.graceMs !== undefined && {graceMs: command.graceMs}),
      }
    },
  }
}

/** One that has input may see the end of it and go on; the end of any other is asked for by the end of its input. */
function clientOf(
  words: readonly string[],
  {stdin}: CommandSpec,
  shell: PluginServices['shell'],
): Pick<CommandSpec, 'args' | 'program'> {
  if (stdin === undefined) return {program: 'sh', args: ['-c', shell.tiedClient, 'sh', ...words]}
  const [program = '', ...args] = words
  return {program, args}
}
