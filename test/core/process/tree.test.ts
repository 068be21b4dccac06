import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {bootId, type ProcessStat} from '../../../src/core/process/platform.js'
import type {ProcessTable} from '../../../src/core/process/scan.js'
import {findTree} from '../../../src/core/process/tree.js'

const leader = {boot: bootId(), pid: 1000, startTick: 500}
const tree = {leader, instance: 'ours'}

interface Entry {
  readonly pid: number
  readonly ppid?: number
  readonly session?: number
  readonly startTick?: number
  readonly instance?: string
  readonly cookie?: string
}

function table(...entries: readonly Entry[]): ProcessTable {
  const processes = new Map<number, ProcessStat>()
  for (const {pid, ppid = 1, session = pid, startTick = 500 + pid} of entries) {
    processes.set(pid, {pid, ppid, pgrp: session, session, startTick, state: 'S', name: 'x'})
  }
  const entry = (pid: number): Entry | undefined => entries.find((each) => each.pid === pid)
  return {processes, instanceOf: (pid) => entry(pid)?.instance, sessionOf: (pid) => entry(pid)?.cookie}
}

function pids(...args: Parameters<typeof findTree>): readonly number[] {
  return findTree(...args).map(({pid}) => pid)
}

describe('the tree of a session', () => {
  it('is what has its own cookie, not all that has the one of its service', () => {
    const processes = table(
      {pid: 1000, startTick: 500, instance: 'ours', cookie: 'one'},
      {pid: 1001, instance: 'ours', cookie: 'one'},
      {pid: 1002, instance: 'ours', cookie: 'other'},
      {pid: 1003, instance: 'ours'},
    )
    assert.deepEqual(pids(processes, {leader, session: 'one'}), [1000, 1001])
  })
})

describe('the tree of an attempt', () => {
  it('is the leader, its session, holders of the cookie and the children of all', () => {
    const processes = table(
      {pid: 1000, startTick: 500},
      {pid: 1001, ppid: 1, session: 1000},
      {pid: 1002, instance: 'ours'},
      {pid: 1003, ppid: 1002},
      {pid: 1004, ppid: 1003},
      {pid: 1005},
      {pid: 1006, instance: 'theirs'},
    )
    assert.deepEqual(pids(processes, tree), [1000, 1001, 1002, 1003, 1004])
  })

  it('has no process that is older than the attempt', () => {
    assert.deepEqual(pids(table({pid: 7, startTick: 499, session: 1000, instance: 'ours'}), tree), [])
  })

  it('has no stranger that got the number of the leader, nor its session', () => {
    const processes = table({pid: 1000, startTick: 900}, {pid: 1001, ppid: 1000, session: 1000})
    assert.deepEqual(pids(processes, tree), [])
  })

  it('keeps the session after the leader as long as one known member lives', () => {
    const processes = table({pid: 1001, session: 1000}, {pid: 1002, session: 1000})
    assert.deepEqual(pids(processes, tree), [])
    assert.deepEqual(pids(processes, tree, [{boot: leader.boot, pid: 1001, startTick: 1501}]), [1001, 1002])
    assert.deepEqual(pids(processes, tree, [{boot: leader.boot, pid: 1001, startTick: 1}]), [])
  })

  it('is empty after another boot', () => {
    const processes = table({pid: 1000, startTick: 500, instance: 'ours'})
    assert.deepEqual(pids(processes, {...tree, leader: {...leader, boot: 'before'}}), [])
  })
})
