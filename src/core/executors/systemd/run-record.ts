import {readFileSync, writeFileSync} from 'node:fs'
import {systemCode} from '../../base/errors.js'
import {identify, type ProcessIdentity} from '../../process/identity.js'
import {bootId} from '../../process/platform.js'
import {readRun, type RunPaths} from '../../process/run-directory.js'
import type {UnitState} from './parse-units.js'

/** The start of a transient unit that was seen. */
export interface UnitRun {
  readonly boot: string
  /** Of which start of the unit all this is. Empty: it had ended before it was looked at. */
  readonly invocation: string
  /** `undefined`: it had ended before it was looked at. */
  readonly program: ProcessIdentity | undefined
}

/**
 * Remembers what was started, in the words of the record of a process, whose shim is the program itself: whoever counts the processes of attempts
 * finds it there.
 */
export function writeUnitRun(paths: RunPaths, state: UnitState): UnitRun {
  const program = state.mainPid === 0 ? undefined : identify(state.mainPid)
  const run = {boot: bootId(), invocation: state.invocation, program}
  const place = program ? `${program.pid} ${program.startTick}` : '0 0'
  writeFileSync(paths.run, `run ${place} ${place} ${run.boot} ${run.invocation || '-'}\n`, {mode: 0o600})
  return run
}

/** `undefined`: nobody has seen that it began. */
export function readUnitRun(paths: RunPaths): UnitRun | undefined {
  const run = readRun(paths)
  if (!run) return undefined
  const {program} = run
  const invocation = lastWord(paths.run)
  return {
    boot: program.boot,
    invocation: invocation === '-' ? '' : invocation,
    program: program.pid === 0 ? undefined : program,
  }
}

function lastWord(file: string): string {
  try {
    return readFileSync(file, 'latin1').split('\n')[0]?.split(' ')[6] ?? ''
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return ''
    throw error
  }
}
