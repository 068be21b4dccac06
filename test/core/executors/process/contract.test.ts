import {describe, it} from 'mocha'
import {isAlive, signalProcess} from '../../../../src/core/process/identity.js'
import {readRun, runPaths} from '../../../../src/core/process/run-directory.js'
import type {ProcessSpec} from '../../../../src/core/executors/process/spec.js'
import type {ProcessState} from '../../../../src/core/executors/process/state.js'
import type {WorkloadHandle} from '../../../../src/core/contract/workload.js'
import {describeExecutor, type ExecutorFixture, type Program} from '../../../../src/testing.js'
import {workshop} from '../../process/temporary.js'

const scripts: {readonly [Does in Program['does']]: (program: Extract<Program, {does: Does}>) => string} = {
  run: () => 'exec sleep 600',
  resist: () => `trap '' TERM; echo resisting; while :; do sleep 600; done`,
  exit: ({code}) => `exit ${code}`,
  die: ({signal}) => `kill -${signal.slice(3)} $$`,
  print: ({count}) => `i=1; while [ $i -lt ${count} ]; do echo "line $i"; i=$((i+1)); done; printf 'line ${count}'`,
}

function scriptFor(program: Program): string {
  switch (program.does) {
    case 'run':
      return scripts.run(program)
    case 'resist':
      return scripts.resist(program)
    case 'exit':
      return scripts.exit(program)
    case 'die':
      return scripts.die(program)
    case 'print':
      return scripts.print(program)
  }
}

function recordOf(handle: WorkloadHandle) {
  return readRun(runPaths((handle.save().state as ProcessState).runDirectory))
}

function setup(): Promise<ExecutorFixture<ProcessSpec>> {
  const shop = workshop()
  return Promise.resolve({
    executor: shop.executor(),
    restarted: shop.executor,
    directory: shop.folder,
    invalidSpec: {binary: 3, shell: true},
    spec: (program) => ({binary: 'sh', args: ['-c', scriptFor(program)]}),
    copyingSpec: () => ({binary: 'cat', stdin: true}),
    runs(handle) {
      const record = recordOf(handle)
      return record !== undefined && isAlive(record.program)
    },
    lose(handle) {
      const record = recordOf(handle)
      if (record) {
        signalProcess(record.shim, 'SIGKILL')
        signalProcess(record.program, 'SIGKILL')
      }
      return Promise.resolve()
    },
    [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose](),
  })
}

describeExecutor('process', 'managed', setup, {describe, it})
