import path from 'node:path'
import type {PackagedFile} from './manifest.js'

// What cannot be written to a list of checksums, or means another thing to some shell or archive program.
const strange = /[\u0000-\u001F\u007F\\]/

/** Why a path cannot stand in a package; `undefined`: it can. */
export function pathProblem(name: string): string | undefined {
  if (name === '') return 'is empty'
  if (strange.test(name)) return 'has a backslash or a control character'
  if (Buffer.byteLength(name) > 1000) return 'is longer than 1000 bytes'
  if (name.startsWith('/')) return 'is absolute'
  const parts = name.split('/')
  if (parts.includes('..')) return "leads out of the package by '..'"
  return parts.some((part) => part === '' || part === '.') ? 'is not in its shortest form' : undefined
}

/**
 * Why a link cannot stand in a package. `..` counts only in front: after another part, which may be a link itself, nobody could tell from the text
 * where it leads.
 */
function linkProblem(name: string, target: string): string | undefined {
  if (target === '' || strange.test(target)) return 'leads to a strange name'
  if (target.startsWith('/')) return `leads to '${target}', which is absolute`
  const parts = target.split('/')
  const down = parts.findIndex((part) => part !== '..')
  if (down !== -1 && parts.slice(down).includes('..')) return `leads to '${target}', with '..' in the middle`
  const end = path.posix.normalize(path.posix.join(path.posix.dirname(name), target))
  return end === '..' || end.startsWith('../') ? `leads to '${target}', out of the package` : undefined
}

/** What is wrong with the paths of a package as a whole. */
export function filesProblem(files: readonly PackagedFile[]): string | undefined {
  const seen = new Set<string>()
  for (const file of files) {
    const {path: name} = file
    const problem = pathProblem(name) ?? ('link' in file ? linkProblem(name, file.link) : undefined)
    if (problem !== undefined) return `the path '${printable(name)}' ${problem}`
    if (seen.has(name)) return `'${name}' is there twice`
    seen.add(name)
  }
  // A folder that is a link, or a file, would lead what is beneath it elsewhere.
  for (const name of seen) {
    for (let above = path.posix.dirname(name); above !== '.'; above = path.posix.dirname(above))
      if (seen.has(above)) return `'${name}' lies beneath '${above}', which is no folder`
  }
  return undefined
}

function printable(name: string): string {
  return JSON.stringify(name).slice(1, -1)
}
