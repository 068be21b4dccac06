import {readdir} from 'node:fs/promises'
import path from 'node:path'
import type {Definition} from './read-definition.js'
import {definitionFile} from './read-definition.js'

/** Whatever the globs say: no part of a program. */
const never: ReadonlySet<string> = new Set(['.git', definitionFile])

/** The files and links of a folder that a package is made of, in the order of their bytes. A link to a folder is a link. `isOut`: it is left out. */
export async function selectFiles(
  folder: string,
  {include, exclude}: Pick<Definition, 'exclude' | 'include'>,
  isOut: (file: string) => boolean,
): Promise<readonly string[]> {
  const {default: picomatch} = await import('picomatch')
  const isIncluded = picomatch([...include], {dot: true})
  const isExcluded = picomatch([...exclude], {dot: true})
  const found: string[] = []
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(path.join(folder, below), {withFileTypes: true})) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`
      if (never.has(name) || isExcluded(name)) continue
      if (entry.isDirectory()) await walk(name)
      else if ((entry.isFile() || entry.isSymbolicLink()) && isIncluded(name) && !isOut(path.join(folder, name)))
        found.push(name)
    }
  }
  await walk('')
  return found.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
}
