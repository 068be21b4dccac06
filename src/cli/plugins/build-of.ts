import {readdir, stat} from 'node:fs/promises'
import path from 'node:path'
import {shortHash} from '../../core/base/ids.js'
import type {Json} from '../../core/base/json.js'

/** A daemon asks with every client: a folder in which more lies is not one of what was built. */
const mostFiles = 1000
const modules: ReadonlySet<string> = new Set(['.cjs', '.js', '.json', '.mjs', '.node', '.ts'])

/** Another text once what a linked plugin runs was built anew: of the sizes and times of all modules beside that of its hook, and below. */
export async function buildOf(root: string, hook: Json | undefined): Promise<string> {
  const first = [hook].flat()[0]
  const folder = path.resolve(root, path.dirname(typeof first === 'string' ? first : '.'))
  const files = [...(await filesIn(folder, mostFiles))].sort()
  const marks = await Promise.all(files.map(markOf))
  return shortHash(marks.join(' '))
}

async function filesIn(folder: string, most: number): Promise<readonly string[]> {
  const files: string[] = []
  for (const entry of await readdir(folder, {withFileTypes: true}).catch(() => [])) {
    if (files.length >= most) break
    const place = path.join(folder, entry.name)
    if (entry.isFile() && modules.has(path.extname(entry.name))) files.push(place)
    else if (entry.isDirectory() && !isApart(entry.name)) files.push(...(await filesIn(place, most - files.length)))
  }
  return files
}

function isApart(name: string): boolean {
  return name === 'node_modules' || name.startsWith('.')
}

async function markOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined)
  return `${path.basename(file)}:${found?.size}:${found?.mtimeMs}`
}
