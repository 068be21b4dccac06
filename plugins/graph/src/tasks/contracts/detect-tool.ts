import {readdir} from 'node:fs/promises'
import path from 'node:path'
import {taskFailed, type Failing} from '../shared/task-error.js'
import type {ContractsInput, ToolName} from './input.js'
import {mapOf, readJson} from './records/read-json.js'

/** Which tool deploys here, by what is in the folder. */
export async function detectTool(
  {tool = 'auto', command}: ContractsInput,
  directory: string,
  failing: Failing,
): Promise<ToolName> {
  if (tool !== 'auto') return tool
  if (command) return 'command'
  const files = await readdir(directory)
  if (files.some((file) => /^hardhat\.config\.[cm]?[jt]s$/.test(file))) {
    if (files.includes('deploy')) return 'hardhat-deploy'
    if (files.includes('ignition')) return 'ignition'
  }
  if (files.includes('foundry.toml')) return 'forge'
  const {scripts} = mapOf(await readJson(path.join(directory, 'package.json')))
  if ('deploy' in mapOf(scripts)) return 'command'
  throw taskFailed(
    failing,
    `nothing in ${directory} says how to deploy: it has no hardhat.config.* with deploy/ or ignition/, no foundry.toml and no script 'deploy' in a package.json`,
    'Say what deploys in `command`, or which of the tools in `tool`.',
  )
}
