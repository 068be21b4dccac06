import type {Launch} from './command-file.js'
import {whyNoDirectory} from './find-program.js'
import {argumentLimits} from './platform.js'

/** Why the system would refuse this launch, in words; `undefined` when nothing speaks against it. */
export function whyNotLaunchable(launch: Pick<Launch, 'args' | 'cwd' | 'env'>): string | undefined {
  return whyNoDirectory(launch.cwd) ?? whyNotText(launch) ?? whyTooLong(launch)
}

function whyNotText(launch: Pick<Launch, 'args' | 'env'>): string | undefined {
  for (const [name, value] of Object.entries(launch.env)) {
    if (name === '' || name.includes('=')) return `'${name}' cannot be the name of an environment variable`
    if (name.includes('\0') || value.includes('\0')) return `the environment variable '${name}' contains a NUL byte`
  }
  const index = launch.args.findIndex((arg) => arg.includes('\0'))
  return index < 0 ? undefined : `argument ${index + 1} contains a NUL byte`
}

function whyTooLong(launch: Pick<Launch, 'args' | 'env'>): string | undefined {
  const limits = argumentLimits()
  const texts = [
    ...launch.args.map((arg, index) => ({what: `argument ${index + 1}`, size: Buffer.byteLength(arg) + 1})),
    ...Object.entries(launch.env).map(([name, value]) => ({
      what: `the environment variable '${name}'`,
      size: Buffer.byteLength(name) + Buffer.byteLength(value) + 2,
    })),
  ]
  const long = texts.find(({size}) => size > limits.one)
  if (long) return `argument list too long: ${long.what} has ${long.size} bytes, at most ${limits.one} are possible`
  const pointer = 8
  const all = texts.reduce((sum, {size}) => sum + size + pointer, 0)
  if (all <= limits.all) return undefined
  return `argument list too long: arguments and environment have ${all} bytes, at most ${limits.all} are possible`
}
