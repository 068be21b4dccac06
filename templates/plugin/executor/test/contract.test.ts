import {describe, it} from 'mocha'
import {describeExecutor, temporaryState, testServices, type Program} from '@service-harness/cli/testing'
import {createExecutor} from '../src/executor.js'

/** What the suite wants to see happen, in the terms of this executor. */
function scriptFor(program: Program): string {
  switch (program.does) {
    case 'run':
      return 'exec sleep 600'
    case 'resist':
      return `trap '' TERM; echo resisting; while :; do sleep 0.1; done`
    case 'exit':
      return `exit ${program.code}`
    case 'die':
      return `kill -${program.signal.slice(3)} $$`
    case 'print':
      return `i=1; while [ $i -lt ${program.count} ]; do echo "line $i"; i=$((i+1)); done; printf 'line ${program.count}'`
  }
}

describeExecutor(
  'my-plugin',
  'managed',
  async () => {
    const state = await temporaryState()
    const create = () => createExecutor(testServices(state.stateDirectory))
    return {
      executor: create(),
      restarted: create,
      directory: state.folder,
      invalidSpec: {script: 3},
      spec: (program) => ({script: scriptFor(program)}),
      runs: (handle) => handle.isAlive?.() ?? false,
      [Symbol.asyncDispose]: () => state[Symbol.asyncDispose](),
    }
  },
  {describe, it},
)
