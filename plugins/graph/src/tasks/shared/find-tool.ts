import {access, constants} from 'node:fs/promises'
import path from 'node:path'

/** PATH as scripts of npm see it: the programs of the packages of a folder, and of those around it, come first. */
export function toolPath(directory: string): string {
  return [...binFolders(directory), process.env['PATH'] ?? ''].join(path.delimiter)
}

/** Where a program is, for somebody who works in a folder. `undefined`: nowhere. */
export async function findTool(program: string, directory: string): Promise<string | undefined> {
  const folders = toolPath(directory).split(path.delimiter)
  const files = program.includes('/')
    ? [path.resolve(directory, program)]
    : folders.map((each) => path.join(each, program))
  for (const file of files) {
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return file
  }
  return undefined
}

function binFolders(directory: string): readonly string[] {
  const parent = path.dirname(directory)
  return [path.join(directory, 'node_modules', '.bin'), ...(parent === directory ? [] : binFolders(parent))]
}
