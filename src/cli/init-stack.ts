import {readFile} from 'node:fs/promises'
import path from 'node:path'
import type {Interfaces} from '@oclif/core'
import {HarnessError} from '../core/base/errors.js'
import {isFile, stackFileNames} from '../core/config/find-stack-file.js'
import {schemaText} from './schema-text.js'
import type {Terminal} from './terminal.js'
import {writeNewFile} from './write-new-file.js'

/** The files of `templates/`, with what `--list` says of them. */
export const stackTemplates = {
  web: 'An api, a worker that asks it and a task that runs before both; the other keys stand beside them as comments.',
  minimal: 'One service and its health check.',
} as const

export type StackTemplate = keyof typeof stackTemplates

export interface InitWish {
  readonly config: Interfaces.Config
  readonly directory: string
  readonly template: StackTemplate
  /** Replaces a stack file that is there. */
  readonly force: boolean
}

const schemaFile = '.harness/schema.json'

/** `harness init`: answers the exit code. */
export async function initStack(terminal: Terminal, wish: InitWish): Promise<number> {
  const directory = path.resolve(wish.directory)
  if (!wish.force) await refuseSecond(directory)
  const text = await readFile(path.join(wish.config.root, 'templates', `${wish.template}.yaml`), 'utf8')
  const schema = await schemaText(terminal, {config: wish.config, extent: 'whole'})
  const [file, beside] = [path.join(directory, stackFileNames[0]), path.join(directory, schemaFile)]
  await writeNewFile(file, text, wish.force ? 'replace' : 'new')
  await writeNewFile(beside, schema)
  if (terminal.json) terminal.data({template: wish.template, files: [file, beside]})
  else {
    const {green, bold} = terminal.style
    terminal.out(`${green('✔')} ${shown(file)} is ready: run ${bold(startCommand(directory))}`)
    terminal.out(`${green('✔')} ${shown(beside)} tells editors what may stand in it.`)
    terminal.note(
      `Commit the schema, so that everybody's editor finds it, or ignore it: \`harness schema -o ${schemaFile}\` makes it anew.`,
    )
  }
  return 0
}

export function listTemplates(terminal: Terminal): number {
  const templates = Object.entries(stackTemplates).map(([name, summary]) => ({name, summary}))
  if (terminal.json) terminal.data({templates})
  else for (const {name, summary} of templates) terminal.out(`${terminal.style.bold(name.padEnd(8))} ${summary}`)
  return 0
}

/** One of another name would be hidden by the new one. */
async function refuseSecond(directory: string): Promise<void> {
  for (const name of stackFileNames) {
    if (!(await isFile(path.join(directory, name)))) continue
    throw new HarnessError('USAGE', {
      subject: 'init',
      reason: `${shown(path.join(directory, name))} is there already`,
      hint: `Choose another folder, or add --force to ${name === stackFileNames[0] ? 'replace it' : `write ${stackFileNames[0]} beside it, which is then taken instead`}.`,
    })
  }
}

function shown(file: string): string {
  const relative = path.relative(process.cwd(), file)
  return relative.startsWith('..') ? file : relative
}

function startCommand(directory: string): string {
  return directory === process.cwd()
    ? 'harness start'
    : `harness start -c ${shown(path.join(directory, stackFileNames[0]))}`
}
