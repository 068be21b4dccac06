import {existsSync, readdirSync} from 'node:fs'
import path from 'node:path'
import {silentLog} from '../../../src/core/base/log.js'
import type {WorkloadHandle} from '../../../src/core/contract/workload.js'
import {createPluginServices} from '../../../src/core/plugin/plugin-services.js'
import {isAlive, signalGroup, signalProcess} from '../../../src/core/process/identity.js'
import {lent} from '../../../src/testing/test-services.js'
import {readRun, runPaths} from '../../../src/core/process/run-directory.js'
import type {Program} from '../../../src/testing.js'
import {Agents, type AgentsOptions} from '../../../plugins/ssh/src/agent/agents.js'
import type {HostFields} from '../../../plugins/ssh/src/address/host-fields.js'
import type {RemoteHost} from '../../../plugins/ssh/src/host/remote-host.js'
import type {RemoteState} from '../../../plugins/ssh/src/remote/state.js'
import type {Shared} from '../../../plugins/ssh/src/shared.js'

/** What the executors of the plugin are made of, as a daemon that begins has it. */
export function sharedFor(
  folder: string,
  open: (fields: HostFields) => Promise<RemoteHost>,
  options: AgentsOptions = {},
): Shared {
  const services = createPluginServices({
    name: 'ssh',
    stateDirectory: folder,
    log: silentLog,
    lent,
  })
  return {services, agents: new Agents(services, open, options)}
}

/** What a program of the contract suite is as a shell script. */
export function scriptFor(program: Program): string {
  switch (program.does) {
    case 'run':
      return 'exec sleep 600'
    case 'resist':
      return `trap '' TERM; echo resisting; while :; do sleep 600; done`
    case 'exit':
      return `exit ${program.code}`
    case 'die':
      return `kill -${program.signal.slice(3)} $$`
    case 'print':
      return `i=1; while [ $i -lt ${program.count} ]; do echo "line $i"; i=$((i+1)); done; printf 'line ${program.count}'`
  }
}

/** The records of a run, for whoever sees the files of the machine. */
export function recordIn(base: string, handle: WorkloadHandle) {
  const {instance} = handle.save().state as RemoteState
  const found = readRun(runPaths(path.join(base, 'runs', instance)))
  return {
    runs: () => found !== undefined && isAlive(found.program),
    kill() {
      if (!found) return
      signalProcess(found.shim, 'SIGKILL')
      signalProcess(found.program, 'SIGKILL')
    },
  }
}

/** Kills what has a folder of runs as its cookie: a test has failed. */
export function endAllOf(base: string): void {
  const runs = path.join(base, 'runs')
  for (const name of existsSync(runs) ? readdirSync(runs) : []) {
    const found = readRun(runPaths(path.join(runs, name)))
    if (!found) continue
    signalProcess(found.shim, 'SIGKILL')
    signalGroup(found.program, 'SIGKILL')
  }
}
