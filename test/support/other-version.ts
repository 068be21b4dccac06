import {cp, mkdir, readFile, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {protocolVersion} from '../../src/core/protocol/messages.js'
import {root} from './harness.js'

/** Installs a harness that speaks another version of the protocol, and answers the path of its command. */
export async function installOtherVersion(folder: string, version = protocolVersion + 1): Promise<string> {
  await mkdir(folder)
  for (const part of ['bin', 'dist', 'package.json']) {
    await cp(path.join(root, part), path.join(folder, part), {recursive: true})
  }
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  const file = path.join(folder, 'dist/core/protocol/messages.js')
  const source = await readFile(file, 'utf8')
  const changed = source.replace(/protocolVersion = \d+/, `protocolVersion = ${version}`)
  if (changed === source) throw new Error(`${file} does not say its protocolVersion`)
  await writeFile(file, changed)
  return path.join(folder, 'bin/run.js')
}
