import {openSync, closeSync, fstatSync, readSync} from 'node:fs'
import {systemCode} from '../base/errors.js'

/** Exit codes of `setsid`, `env` and the shell when they cannot become the program. */
const refusals = new Set([125, 126, 127])
const withinSeconds = 1

/**
 * What the system said when it refused to run a program that looked runnable (a missing interpreter, a wrong format); `undefined` when
 * the program itself ended like this.
 */
export function startFailure(
  end: {readonly code: number; readonly seconds: number},
  logs: readonly string[],
  program: string,
): string | undefined {
  if (!refusals.has(end.code) || end.seconds > withinSeconds) return undefined
  for (const log of logs) {
    const said = /(?:^|\n)\S*(?:setsid|env|sh|harness): ([^\n]*)\n?$/.exec(lastBytes(log))?.[1]
    if (said !== undefined) return inWords(said, program)
  }
  return undefined
}

function inWords(said: string, program: string): string {
  const reason = said.split(': ').at(-1) ?? said
  if (/^No such file/i.test(reason)) return `${program} ${interpreterOf(program)}`
  return `the system cannot run ${program}: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`
}

function interpreterOf(program: string): string {
  const interpreter = /^#!\s*(\S+)/.exec(firstBytes(program))?.[1]
  if (interpreter === undefined) return 'needs a loader or library folder that does not exist on this machine'
  return `needs the interpreter '${interpreter}', which does not exist`
}

function lastBytes(file: string): string {
  return readPart(file, (size) => Math.max(0, size - 2048))
}

function firstBytes(file: string): string {
  return readPart(file, () => 0)
}

function readPart(file: string, position: (size: number) => number): string {
  let fd
  try {
    fd = openSync(file, 'r')
  } catch (error) {
    if (systemCode(error) !== undefined) return ''
    throw error
  }
  try {
    const bytes = Buffer.alloc(2048)
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, position(fstatSync(fd).size)))
  } finally {
    closeSync(fd)
  }
}
