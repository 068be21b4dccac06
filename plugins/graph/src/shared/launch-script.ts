import {createRequire} from 'node:module'

/**
 * The target that runs a program of this package, `src/launch/NAME.ts`: what a service needs before its own program can run, and while it runs, such as a
 * database that is made first, or signals that the program does not understand.
 */
export function launchTarget(
  name: string,
  args: readonly string[],
): {readonly type: 'process'; readonly spec: LaunchSpec} {
  const script = createRequire(import.meta.url).resolve(`@service-harness/plugin-graph/launch/${name}`)
  return {type: 'process', spec: {binary: process.execPath, args: [script, ...args]}}
}

/** What `target: {type: process}` takes, as far as it is used here. */
interface LaunchSpec {
  readonly binary: string
  readonly args: readonly string[]
  readonly [key: string]: string | readonly string[]
}
