import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {commandError} from './command-error.js'
import {stackFileIn} from './stack-file-in.js'
import {stackTemplate} from './stack-template.js'

interface Written {
  /** From the current folder. */
  readonly file: string
  /** The command to go on with. */
  readonly next: string
}

/** Writes harness.yaml into a folder. USAGE where a stack file is there. */
export async function writeStack(folder: string): Promise<Written> {
  const directory = path.resolve(folder)
  await refuseSecond(directory)
  await mkdir(directory, {recursive: true})
  const file = path.join(directory, 'harness.yaml')
  await writeFile(file, stackTemplate(path.basename(directory)), {flag: 'wx'})
  const isHere = directory === process.cwd()
  return {
    file: shown(file),
    next: isHere ? 'harness graph up' : `harness graph up -c ${shown(file)}`,
  }
}

async function refuseSecond(directory: string): Promise<void> {
  const file = await stackFileIn(directory)
  if (file === undefined) return
  throw commandError('USAGE', {
    subject: 'graph init',
    reason: `${shown(file)} is there already`,
    hint: 'Choose another folder, or move it away.',
  })
}

function shown(file: string): string {
  const relative = path.relative(process.cwd(), file)
  return relative.startsWith('..') ? file : relative
}
