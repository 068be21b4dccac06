import type {ReadStream} from 'node:fs'
import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {pipeline, type Readable} from 'node:stream'
import {createGzip} from 'node:zlib'

/** What is sent to the engine in any case. */
const ignoreFile = '.dockerignore'

interface Rules {
  ignores(name: string): boolean
  /** Something inside of a folder that is ignored may be wanted all the same. */
  mayHold(folder: string): boolean
}

/**
 * A folder as the engine takes it: a compressed archive of its files and links, without those that its .dockerignore names. Folders without files, pipes,
 * sockets and devices are left out. Rejects, or ends with an error, where something of it cannot be read.
 */
export async function buildContext(folder: string, dockerfile = 'Dockerfile'): Promise<Readable> {
  const rules = await rulesOf(folder, [path.normalize(dockerfile), ignoreFile])
  const entries = await filesIn(folder, '', rules)
  const {default: tar} = await import('tar-fs')
  const packed = createGzip()
  // Who reads it is told of what could not be read; the library says of a file only that it was not whole.
  const mapStream = (file: ReadStream): ReadStream => file.once('error', (error) => packed.destroy(error))
  pipeline(tar.pack(folder, {entries, mapStream}), packed, () => undefined)
  return packed
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
      if (!entry.isDirectory()) return isIgnored || !(entry.isFile() || entry.isSymbolicLink()) ? [] : [name]
      return isIgnored && !rules.mayHold(name) ? [] : await filesIn(folder, name, rules)
    }),
  )
  return found.flat()
}
