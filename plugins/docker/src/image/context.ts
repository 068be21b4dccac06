import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import type {Readable} from 'node:stream'
import {createGzip} from 'node:zlib'

/** What is sent to the engine in any case. */
const ignoreFile = '.dockerignore'

interface Rules {
  ignores(name: string): boolean
  /** Something inside of a folder that is ignored may be wanted all the same. */
  mayHold(folder: string): boolean
}

/** A folder as the engine takes it: a compressed archive of its files, without those that its .dockerignore names. Folders without files are left out. */
export async function buildContext(folder: string, dockerfile = 'Dockerfile'): Promise<Readable> {
  const rules = await rulesOf(folder, [path.normalize(dockerfile), ignoreFile])
  const entries = await filesIn(folder, '', rules)
  const {default: tar} = await import('tar-fs')
  return tar.pack(folder, {entries}).pipe(createGzip())
}

async function rulesOf(folder: string, wanted: readonly string[]): Promise<Rules> {
  const text = await readFile(path.join(folder, ignoreFile), 'utf8').catch(() => '')
  if (text.trim() === '') return {ignores: () => false, mayHold: () => true}
  const {default: module} = await import('@balena/dockerignore')
  const rules = module.default({ignorecase: false}).add(text)
  const hasExceptions = /^\s*!/m.test(text)
  return {
    ignores: (name) => !wanted.includes(name) && rules.ignores(name),
    mayHold: (name) => hasExceptions || wanted.some((file) => file.startsWith(`${name}/`)),
  }
}

async function filesIn(folder: string, below: string, rules: Rules): Promise<string[]> {
  const entries = await readdir(path.join(folder, below), {withFileTypes: true})
  const found = await Promise.all(
    entries.map(async (entry) => {
      const name = path.join(below, entry.name)
      const isIgnored = rules.ignores(name)
      if (!entry.isDirectory()) return isIgnored ? [] : [name]
      return isIgnored && !rules.mayHold(name) ? [] : await filesIn(folder, name, rules)
    }),
  )
  return found.flat()
}
