import {systemCode} from '../base/errors.js'
import {bootId, readStat, type ProcessStat} from './platform.js'

/** One process, never to be mixed up with a later one that got the same number. */
export interface ProcessIdentity {
  readonly boot: string
  readonly pid: number
  readonly startTick: number
}

/** The identity of a process that runs now; `undefined` when it does not. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid)
  return stat && !isDead(stat) ? {boot: bootId(), pid, startTick: stat.startTick} : undefined
}

/** Does exactly this process run? Zombies do not. */
export function isAlive(identity: ProcessIdentity): boolean {
  return statOf(identity) !== undefined
}

/** Sends a signal to exactly this process. `false`: it is gone, nothing was signalled. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  return isAlive(identity) && send(identity.pid, signal)
}

/**
 * Sends a signal to the group that this process leads. Until it leads one (it is about to be started in its own session) the
 * signal goes to itself, never to the group it was forked in.
 */
export function signalGroup(leader: ProcessIdentity, signal: NodeJS.Signals): boolean {
  const stat = statOf(leader)
  if (!stat) return false
  return send(stat.pgrp === leader.pid ? -leader.pid : leader.pid, signal)
}

export function isDead(stat: ProcessStat): boolean {
  return stat.state === 'Z' || stat.state === 'X'
}

function statOf(identity: ProcessIdentity): ProcessStat | undefined {
  if (identity.boot !== bootId()) return undefined
  const stat = readStat(identity.pid)
  return stat && stat.startTick === identity.startTick && !isDead(stat) ? stat : undefined
}

function send(target: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(target, signal)
    return true
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return false
    throw error
  }
}
