import type {Json, JsonSchema, PluginServices, TaskContext, TaskType} from '@service-harness/cli/plugin'
import type {Wire} from '../../shared/http.js'
import {call, RpcError} from '../../shared/json-rpc.js'
import {object} from '../../shared/object-schema.js'
import {readChain} from '../shared/chain.js'
import {chainVariables} from '../shared/chain-variables.js'
import {runTool, type ToolLine} from '../shared/run-tool.js'
import {taskFailed, taskWire} from '../shared/task-error.js'
import {toolLine} from '../shared/tool-line.js'
import {workingDirectory} from '../shared/working-directory.js'
import {evmInput, type EvmInput} from './input.js'
import {waitUntil, type Waited, type WaitEvent} from './wait-until.js'

type EvmEvent = ToolLine | WaitEvent

interface EvmOutput extends Waited {
  readonly stdout: string
  readonly results: readonly unknown[]
}

/** `task_type: evm-command` */
export function evmCommand(services: PluginServices): TaskType<EvmInput, EvmOutput, EvmEvent> {
  return {
    type: 'evm-command',
    summary:
      'Runs a command or calls to a chain, then waits for an answer of GraphQL or the chain while blocks are mined.',
    input: evmInput,
    output: evmOutput,
    event: evmEvent,
    async run(input, context) {
      const wire = taskWire({services}, context.signal)
      await readChain(input.ethereum_url, wire)
      const stdout = input.command ? await runCommand(services, input, context) : ''
      const results = await callAll(input, wire)
      const emit = (event: WaitEvent): void => {
        context.emit(event)
      }
      const waited = input.until ? await waitUntil(input.until, input, {wire, emit}) : nothingWaited
      return {stdout, results, ...waited}
    },
  }
}

const nothingWaited: Waited = {answer: null, polls: 0, blocks_mined: 0}
/** Of what the command prints, so much is an output. */
const stdoutLimit = 64 * 1024

const evmOutput: JsonSchema<EvmOutput> = object<EvmOutput>({
  stdout: {type: 'string', description: 'What the command printed, without colours. At most 64 KiB, the last.'},
  results: {type: 'array', description: 'What each call was answered.'},
  answer: {description: 'What `until` was answered in the end.'},
  polls: {type: 'integer', description: 'How often it was asked for.'},
  blocks_mined: {type: 'integer', description: 'How many blocks were mined meanwhile.'},
})

const evmEvent: JsonSchema<EvmEvent> = {
  anyOf: [
    object<Json>({
      waits_for: {type: 'string', description: 'What is waited for.'},
      answer: {type: 'string', description: 'The last answer.'},
      polls: {type: 'integer', description: 'How often it was asked for.'},
      blocks_mined: {type: 'integer', description: 'How many blocks were mined so far.'},
    }),
    toolLine,
  ],
}

async function runCommand(
  services: PluginServices,
  {command: [program = '', ...args] = [], working_dir: project = '.', ethereum_url: url, env}: EvmInput,
  context: TaskContext<EvmEvent>,
): Promise<string> {
  const cwd = await workingDirectory(project, context.directory, {services})
  const install = 'Install it, or name it by its path in `command`.'
  const lines = await runTool(
    {program, args, cwd, install, env: {...chainVariables(url), ...env}},
    {
      services,
      context,
      onLine: (line) => {
        context.emit(line)
      },
    },
  )
  const printed = lines.filter(({stream}) => stream === 'stdout').map(({text}) => text)
  return printed.join('\n').slice(-stdoutLimit)
}

async function callAll({rpc = [], ethereum_url: url}: EvmInput, wire: Wire): Promise<readonly unknown[]> {
  const results: unknown[] = []
  for (const {method, params = []} of rpc) {
    try {
      results.push((await call<unknown>({what: 'the chain', url}, method, params, wire)) ?? null)
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      throw taskFailed(wire, `the chain at ${url} refuses ${method}: ${error.message}`)
    }
  }
  return results
}
