import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {buffer} from 'node:stream/consumers'
import {describe, it} from 'mocha'
import {temporaryFolder} from '../../core/process/temporary.js'
import {buildContext} from '../../../plugins/docker/src/image/context.js'

const files = [
  'Dockerfile',
  'docker/Dev',
  'src/a.js',
  'src/deep/b.log',
  'src/deep/c.js',
  'node_modules/x/i.js',
  'a b.txt',
]

/** What is sent of a folder with these files. */
async function sent(ignored: string | undefined, dockerfile?: string): Promise<readonly string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'harness-context-'))
  try {
    for (const file of files) {
      mkdirSync(path.dirname(path.join(folder, file)), {recursive: true})
      writeFileSync(path.join(folder, file), file)
    }
    symlinkSync('src/a.js', path.join(folder, 'link'))
    if (ignored !== undefined) writeFileSync(path.join(folder, '.dockerignore'), ignored)
    const archive = await buffer(await buildContext(folder, dockerfile))
    const names = execFileSync('tar', ['-tz'], {input: archive}).toString().trim().split('\n')
    return names.filter((name) => name !== '.dockerignore').sort()
  } finally {
    rmSync(folder, {recursive: true})
  }
}

const all = [...files, 'link'].sort()

describe('the folder that an image is built from', () => {
  it('is sent whole without a .dockerignore, and with an empty one', async () => {
    assert.deepEqual(await sent(undefined), all)
    assert.deepEqual(await sent('\n# nothing\n'), all)
  })

  it('is sent without what its .dockerignore names, at any depth', async () => {
    const rest = all.filter((name) => !name.startsWith('node_modules') && !name.endsWith('.log'))
    assert.deepEqual(await sent('node_modules\n**/*.log\n'), rest)
  })

  it('is sent with what is an exception, and with the Dockerfile in any case', async () => {
    assert.deepEqual(await sent('*\n!src/deep\n'), ['Dockerfile', 'src/deep/b.log', 'src/deep/c.js'])
    assert.deepEqual(await sent('*\n!src/a.js\n', './docker/Dev'), ['docker/Dev', 'src/a.js'])
    assert.deepEqual(
      await sent('docker\nnode_modules/x\n', 'docker/Dev'),
      all.filter((name) => !name.startsWith('node_modules')),
    )
  })

  it('is sent without pipes, which nobody would end', async () => {
    using folder = temporaryFolder()
    writeFileSync(path.join(folder.path, 'a'), 'a')
    execFileSync('mkfifo', [path.join(folder.path, 'pipe')])
    const archive = await buffer(await buildContext(folder.path))
    assert.equal(execFileSync('tar', ['-tz'], {input: archive}).toString(), 'a\n')
  })

  it('ends with an error where a file of it is gone meanwhile', async () => {
    using folder = temporaryFolder()
    for (const name of ['a', 'b']) writeFileSync(path.join(folder.path, name), Buffer.alloc(1_000_000))
    for (const gone of ['b', 'a']) {
      const archive = await buildContext(folder.path)
      rmSync(path.join(folder.path, gone))
      await assert.rejects(buffer(archive), {code: 'ENOENT'})
    }
  })

  it('is an error when it is not there', async () => {
    await assert.rejects(buildContext('/nonexistent/folder'), {code: 'ENOENT'})
  })
})
