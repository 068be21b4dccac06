import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {messageOf, systemCode} from '../../base/errors.js'
import type {ProcessHost} from '../../process/host.js'
import {identify, type ProcessIdentity} from '../../process/identity.js'
import {readArguments, type ProcessStat} from '../../process/platform.js'
import type {AttachSpec} from './spec.js'

export type FoundProcess = {readonly identity: ProcessIdentity} | {readonly reason: string}

/** Finds the one process that a spec means, or says in words why there is none. */
export async function findProcess(spec: AttachSpec, directory: string, host: ProcessHost): Promise<FoundProcess> {
  if ('pid' in spec) return byPid(spec.pid, `process ${spec.pid}`)
  if ('pid_file' in spec) return byFile(path.resolve(directory, spec.pid_file))
  return byName(spec.process_name, host)
}

function byPid(pid: number, what: string): FoundProcess {
  const identity = identify(pid)
  return identity ? {identity} : {reason: `${what} does not run`}
}

async function byFile(file: string): Promise<FoundProcess> {
  let text
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    const missing = systemCode(error) === 'ENOENT'
    return {reason: `the pid file '${file}' ${missing ? 'does not exist' : `cannot be read: ${messageOf(error)}`}`}
  }
  const pid = /^\s*(\d{1,10})\s*$/.exec(text)?.[1]
  if (pid === undefined) return {reason: `the pid file '${file}' holds no process number, expected digits`}
  return byPid(Number(pid), `process ${pid} of the pid file '${file}'`)
}

async function byName(name: string, host: ProcessHost): Promise<FoundProcess> {
  const {processes} = await host.scanner.scan()
  const pids = [...processes.values()].filter((found) => isCalled(found, name)).map(({pid}) => pid)
  const [pid, ...others] = pids
  if (pid === undefined) return {reason: `no process is called '${name}'`}
  if (others.length === 0) return byPid(pid, `process ${pid}`)
  return {reason: `${pids.length} processes are called '${name}', expected one: ${pids.join(', ')}. Name one by 'pid'`}
}

/** The kernel keeps 15 characters of a name; the command line has it whole. */
function isCalled(found: ProcessStat, name: string): boolean {
  if (found.pid === process.pid) return false
  return found.name === name || path.basename(readArguments(found.pid)[0] ?? '') === name
}
