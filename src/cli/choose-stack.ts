import path from 'node:path'
import {HarnessError} from '../core/base/errors.js'
import {isFile, stackFileOf, standardInput} from '../core/config/find-stack-file.js'
import type {StackSummary} from '../core/protocol/methods.js'
import type {StackChoiceFlags} from './flags.js'

export type StackChoice =
  | {readonly known: true; readonly stack: string}
  /** `subject`: the file that names it; `undefined` when nothing does and the daemon knows no stack at all. */
  | {readonly known: false; readonly subject: string | undefined; readonly othersRun: boolean}

/**
 * Which stack a command is about: `--stack NAME`, else the stack file (`-c FILE`, or the nearest one upwards), else the only one that the
 * daemon knows, or the only one of which something runs. Raises STACK_AMBIGUOUS when that leaves several.
 */
export async function chooseStack(
  flags: StackChoiceFlags,
  cwd: string,
  listStacks: () => Promise<readonly StackSummary[]>,
): Promise<StackChoice> {
  if (flags.stack !== undefined) return {known: true, stack: flags.stack}
  const file = await stackFileOf({cwd, files: flags.config})
  const stacks = await listStacks()
  if (file !== undefined) {
    if (stacks.some((stack) => stack.file === file)) return {known: true, stack: file}
    const missing = await missingFile(flags, cwd)
    if (missing) throw missing
    return {known: false, subject: file, othersRun: stacks.some((stack) => stack.running > 0)}
  }
  const [first, ...others] = stacks
  if (first === undefined) return {known: false, subject: undefined, othersRun: false}
  if (others.length === 0) return {known: true, stack: first.stack}
  const [running, ...more] = stacks.filter((stack) => stack.running > 0)
  if (running && more.length === 0) return {known: true, stack: running.stack}
  const references = stacks.map(({name, stack}) =>
    stacks.filter((other) => other.name === name).length === 1 ? name : stack,
  )
  throw new HarnessError('STACK_AMBIGUOUS', {
    subject: cwd,
    reason: `no stack file is here, and the daemon knows ${references.join(', ')}`,
    hint: `Name one: --stack ${references[0] ?? first.stack}, or -c ${first.file}. \`harness ls\` shows all.`,
    details: stacks.map(({name, file: of}) => ({name, file: of})),
  })
}

/** CONFIG_NOT_FOUND for a `-c FILE` that is not there; its subject is the path that a stack is known by. */
export async function missingFile(flags: StackChoiceFlags, cwd: string): Promise<HarnessError | undefined> {
  const [given] = flags.config ?? []
  if (given === undefined || given === standardInput) return undefined
  const file = path.resolve(cwd, given)
  return (await isFile(file)) ? undefined : new HarnessError('CONFIG_NOT_FOUND', {subject: file})
}

/** For commands that need a known stack. */
export function knownStack(choice: StackChoice): string {
  if (choice.known) return choice.stack
  if (choice.subject !== undefined) throw new HarnessError('STACK_UNKNOWN', {subject: choice.subject})
  throw new HarnessError('CONFIG_NOT_FOUND', {subject: process.cwd(), reason: 'and the daemon knows no stack'})
}
