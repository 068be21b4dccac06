import {cp, mkdir, readdir, readFile, symlink, writeFile} from 'node:fs/promises'
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
  const chunks = path.join(folder, 'dist/chunks')
  let changes = 0
  for (const name of await readdir(chunks)) {
    const source = await readFile(path.join(chunks, name), 'utf8')
    const changed = source.replace(/protocolVersion = \d+/, `protocolVersion = ${version}`)
    if (changed === source) continue
    changes += 1
    await writeFile(path.join(chunks, name), changed)
  }
  if (changes !== 1) throw new Error(`its protocolVersion stands in ${changes} files, where it was looked for`)
  return path.join(folder, 'bin/run.js')
}
