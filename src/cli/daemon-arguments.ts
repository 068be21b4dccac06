import {readArguments} from '../core/process/platform.js'
import {parseListen, type ListenFlags} from './parse-listen.js'

/** The flags about listening as arguments of a daemon. Wrong ones are USAGE here already, and not in a process that nobody sees. */
export function daemonArguments(flags: ListenFlags): readonly string[] {
  parseListen(flags)
  return [
    ...(flags.listen === undefined ? [] : ['--listen', flags.listen]),
    ...(flags['allow-remote'] ? ['--allow-remote'] : []),
    ...(flags['host-name'] ?? []).flatMap((name) => ['--host-name', name]),
  ]
}

/** The same arguments of a daemon that runs, so that its successor listens where it did. */
export function argumentsOfRunning(pid: number): readonly string[] {
  const args = readArguments(pid)
  return args.flatMap((argument, index) => {
    if (argument === '--allow-remote') return [argument]
    const [flag = '', value = args[index + 1]] = argument.split(/=(.*)/s)
    return (flag === '--listen' || flag === '--host-name') && value !== undefined ? [flag, value] : []
  })
}
