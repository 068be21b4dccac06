import {spawn, type ChildProcess, type StdioOptions} from 'node:child_process'
import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import ts from 'typescript'
import {scratch} from './scratch.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folders = ['src/core/base', 'src/core/store', 'test/core/store/children']

/**
 * Compiles the store and the programs in `children/` to plain JavaScript in a fresh folder, because a hundred processes that each start
 * a TypeScript loader take minutes. Answers how to start one of the programs.
 */
export async function compiledChildren(): Promise<Children> {
  const folder = await scratch()
  await writeFile(path.join(folder, 'package.json'), '{"type": "module"}')
  for (const from of folders) {
    await mkdir(path.join(folder, from), {recursive: true})
    for (const name of await readdir(path.join(root, from))) {
      if (!name.endsWith('.ts')) continue
      const source = await readFile(path.join(root, from, name), 'utf8')
      const {outputText} = ts.transpileModule(source, {
        compilerOptions: {target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true},
      })
      await writeFile(path.join(folder, from, name.replace(/ts$/, 'js')), outputText)
    }
  }
  return {
    start: (name, args, stdio) =>
      spawn(process.execPath, [path.join(folder, 'test/core/store/children', `${name}.js`), ...args], {stdio}),
    [Symbol.asyncDispose]: () => rm(folder, {recursive: true, force: true}),
  }
}

export interface Children extends AsyncDisposable {
  start(name: string, args: readonly string[], stdio: StdioOptions): ChildProcess
}
