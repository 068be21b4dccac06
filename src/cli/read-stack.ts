import {text} from 'node:stream/consumers'
import {isHarnessError} from '../core/base/errors.js'
import {newId} from '../core/base/ids.js'
import type {Client} from '../core/client/client.js'
import {stackFileOf} from '../core/config/find-stack-file.js'
import type {LoadOptions} from '../core/config/load-options.js'
import type {LoadedStack} from '../core/config/load-stack.js'
import {diagnosticLines} from './diagnostic-lines.js'
import type {StackChoiceFlags} from './flags.js'
import {formerStackLines} from './former-stacks.js'
import type {Terminal} from './terminal.js'

/** Reads the stack file that the flags choose. Warnings go to the terminal, problems come as CONFIG_INVALID. */
export async function readStack(choice: StackChoiceFlags, terminal: Terminal): Promise<LoadedStack> {
  const {loadStack} = await import('../core/config/load-stack.js')
  const loaded = await loadStack(loadOptions(choice))
  if (!terminal.quiet) for (const line of await diagnosticLines(loaded.warnings, terminal)) terminal.warn(line)
  return loaded
}

/** Which files the flags mean, and where their variables come from. */
export function loadOptions({config: files, env: environment}: StackChoiceFlags): LoadOptions {
  return {files, environment, cwd: process.cwd(), env: process.env, stdin: () => text(process.stdin)}
}

/** The same, but `undefined` where no file is given or found: the stack is then one that the daemon knows. */
export async function readStackIfAny(choice: StackChoiceFlags, terminal: Terminal): Promise<LoadedStack | undefined> {
  if (choice.stack !== undefined) return undefined
  const file = await stackFileOf({cwd: process.cwd(), files: choice.config})
  return file === undefined ? undefined : readStack(choice, terminal)
}

/**
 * Makes the stack known to the daemon and answers its id. What the daemon finds wrong is shown where it stands in the file, and what
 * still runs under an earlier name of the stack is said.
 */
export async function sendStack(client: Client, loaded: LoadedStack, terminal: Terminal): Promise<string> {
  const {definition} = loaded
  try {
    const {stack} = await client.call('stack.load', {definition, requestId: newId()})
    const {stacks} = await client.call('stack.list', {})
    for (const line of formerStackLines(stacks, definition.file)) terminal.warn(line)
    return stack
  } catch (error) {
    throw await locatedProblem(error, loaded)
  }
}

/** A stack file that a daemon refuses, with the lines of the file; any other error as it is. */
export async function locatedProblem(error: unknown, loaded: LoadedStack): Promise<unknown> {
  if (!isHarnessError(error) || error.code !== 'CONFIG_INVALID') return error
  const [{diagnosticsIn}, {locateDiagnostics}, {invalidStack}] = await Promise.all([
    import('../core/config/format-diagnostics.js'),
    import('../core/config/locate-diagnostics.js'),
    import('../core/config/problems.js'),
  ])
  const found = diagnosticsIn(error.details).map((each) => ({...each, pointer: each.pointer ?? ''}))
  return found.length === 0 ? error : invalidStack(loaded.definition.file, locateDiagnostics(found, loaded))
}
