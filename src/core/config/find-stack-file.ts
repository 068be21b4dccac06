import {stat} from 'node:fs/promises'
import path from 'node:path'

/** In the order in which they are looked for. */
export const stackFileNames = ['harness.yaml', 'harness.yml', 'services.yaml', 'services.yml'] as const

/** Merged over the stack file when no `-c` is given. */
export const overrideFileName = 'harness.override.yaml'

/** Stands for standard input where a file is asked for. */
export const standardInput = '-'

/** The nearest stack file, from `cwd` upwards, as an absolute path. Reads nothing. */
export async function findStackFile(cwd: string): Promise<string | undefined> {
  let directory = path.resolve(cwd)
  for (;;) {
    for (const name of stackFileNames) {
      const file = path.join(directory, name)
      if (await isFile(file)) return file
    }
    const parent = path.dirname(directory)
    if (parent === directory) return undefined
    directory = parent
  }
}

/**
 * The absolute path that a stack is known by: the first `-c FILE`, else the file that is found. The same answer as
 * `loadStack` gives as `definition.file`, without reading anything. Standard input is known by `-` in `cwd`.
 */
export async function stackFileOf(options: {
  readonly cwd: string
  readonly files?: readonly string[] | undefined
}): Promise<string | undefined> {
  const [first] = options.files ?? []
  return first === undefined ? findStackFile(options.cwd) : path.resolve(options.cwd, first)
}

export async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => !found.isDirectory(),
    () => false,
  )
}
