import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {isHarnessError} from '../../../src/core/base/errors.js'
import {diagnosticsIn} from '../../../src/core/config/format-diagnostics.js'
import {loadStack, type LoadedStack} from '../../../src/core/config/load-stack.js'
import type {LocatedDiagnostic} from '../../../src/core/config/problems.js'
import type {ServiceDefinition} from '../../../src/core/contract/stack.js'

type Env = Readonly<Record<string, string | undefined>>

/** Loads a stack out of a text, as if it came by standard input. */
export function loadText(text: string, env: Env = {}): Promise<LoadedStack> {
  return loadStack({cwd: '/srv/shop', files: ['-'], env, stdin: () => Promise.resolve(text)})
}

/** What is wrong with it. */
export async function problemsOf(text: string, env: Env = {}): Promise<readonly LocatedDiagnostic[]> {
  try {
    return (await loadText(text, env)).warnings
  } catch (error) {
    if (isHarnessError(error) && error.code === 'CONFIG_INVALID') return diagnosticsIn(error.details)
    throw error
  }
}

/** The definition of service `api` with these lines in it, short spelling of a process. */
export async function loadService(lines: string, env: Env = {}): Promise<ServiceDefinition> {
  const indented = lines.replaceAll(/^/gm, '    ')
  const {definition} = await loadText(`services:\n  api:\n    type: process\n    binary: node\n${indented}\n`, env)
  const {api} = definition.services
  if (!api) throw new Error('The service is missing.')
  return api
}

/** A folder with these files, gone at the end. */
export function temporaryFolder(files: Readonly<Record<string, string>>): Disposable & {readonly path: string} {
  const folder = mkdtempSync(path.join(tmpdir(), 'harness-config-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
  return {
    path: folder,
    [Symbol.dispose]() {
      rmSync(folder, {recursive: true, force: true})
    },
  }
}
