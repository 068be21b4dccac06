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

/** Whether a daemon that runs ends by itself once nothing is left for it to do. */
export function endsWhenIdle(pid: number): boolean {
  return readArguments(pid).includes('--auto')
}

/** The same arguments of a daemon that runs, and how it ends, so that its successor is as it was. */
export function argumentsOfRunning(pid: number): readonly string[] {
  const args = readArguments(pid)
  return args.flatMap((argument, index) => {
    if (argument === '--allow-remote' || argument === '--stop-services-on-exit') return [argument]
    const [flag = '', value = args[index + 1]] = argument.split(/=(.*)/s)
    return (flag === '--listen' || flag === '--host-name') && value !== undefined ? [flag, value] : []
  })
}

/** The flags about listening among the arguments of a daemon. */
export function listenFlagsIn(args: readonly string[]): ListenFlags {
  const valuesOf = (flag: string): readonly string[] =>
    args.flatMap((word, index) => (word === flag ? (args[index + 1] ?? []) : []))
  return {
    listen: valuesOf('--listen')[0],
    'allow-remote': args.includes('--allow-remote'),
    'host-name': valuesOf('--host-name'),
  }
}
