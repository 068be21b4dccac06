import assert from 'node:assert/strict'
import {chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, it} from 'mocha'

import {
  createPrivateFile,
  ensurePrivateDirectory,
  ensurePrivateDirectorySync,
  exists,
  replacePrivateFile,
} from '../../../src/core/base/private-files.js'

async function modeOf(file: string): Promise<string> {
  return ((await stat(file)).mode & 0o777).toString(8)
}

describe('private files', () => {
  let directory = ''
  let umask = 0

  beforeEach(async () => {
    umask = process.umask(0)
    directory = await mkdtemp(path.join(tmpdir(), 'harness-test-'))
  })
  afterEach(async () => {
    process.umask(umask)
    await rm(directory, {recursive: true})
  })

  const ways = {
    ensurePrivateDirectory,
    ensurePrivateDirectorySync: async (name: string) => {
      await Promise.resolve()
      ensurePrivateDirectorySync(name)
    },
  }
  for (const [name, ensure] of Object.entries(ways)) {
    describe(name, () => {
      it('makes a directory and its parents that only this user can enter, whatever the umask', async () => {
        for (const mask of [0, 0o022, 0o077]) {
          const inner = path.join(directory, `umask-${mask}`, 'inner')
          process.umask(mask)
          await ensure(inner)
          process.umask(0)
          assert.equal(await modeOf(inner), '700')
          assert.equal((await stat(path.dirname(inner))).mode & 0o077, 0)
        }
      })

      it('says in words why one cannot be made', async () => {
        const file = path.join(directory, 'file')
        await writeFile(file, '')
        await assert.rejects(ensure(path.join(file, 'state')), {
          code: 'STATE_UNSAFE',
          exit: 5,
          reason: 'a part of its path is not a directory',
          hint: `See what lies there with \`ls -ld '${file}' '${file}/state'\`, or choose another directory with \`export HARNESS_STATE_DIR=DIR\`.`,
        })
      })

      it('gives up at once where the system makes no directories', async () => {
        for (const place of ['/proc/harness/state', '/proc/harness', '/proc/self/harness/state']) {
          await assert.rejects(ensure(place), {
            code: 'STATE_UNSAFE',
            reason: 'a part of its path cannot be made',
            hint: `See what lies there with \`ls -ld '${path.dirname(place)}' '${place}'\`, or choose another directory with \`export HARNESS_STATE_DIR=DIR\`.`,
          })
        }
      })

      it('refuses one that is open to others and says how to close it', async () => {
        const open = path.join(directory, 'open')
        await mkdir(open)
        await chmod(open, 0o750)
        await assert.rejects(ensure(open), {
          code: 'STATE_UNSAFE',
          message: `harness cannot use '${open}' for its state: its mode is 750, expected 700.`,
          hint: `Run \`chmod 700 '${open}'\`, or choose another directory with \`export HARNESS_STATE_DIR=DIR\`.`,
        })
      })

      it('refuses a symbolic link, also one written with a slash at its end', async () => {
        const link = path.join(directory, 'link')
        await symlink(directory, link)
        for (const way of [link, `${link}/`]) {
          await assert.rejects(ensure(way), {
            code: 'STATE_UNSAFE',
            reason: 'it is a symbolic link',
            hint: `Run \`export HARNESS_STATE_DIR="$(realpath '${link}')"\`, or choose another directory with \`export HARNESS_STATE_DIR=DIR\`.`,
          })
        }
      })

      it('refuses what is no directory', async () => {
        const file = path.join(directory, 'file')
        await writeFile(file, '')
        await assert.rejects(ensure(file), {
          code: 'STATE_UNSAFE',
          reason: 'it is not a directory',
          hint: `Run \`mv '${file}' '${file}'.old\`, or choose another directory with \`export HARNESS_STATE_DIR=DIR\`.`,
        })
      })
    })
  }

  it('creates a file for this user alone, and never over another', async () => {
    const file = path.join(directory, 'token')
    await createPrivateFile(file, 'secret')
    assert.deepEqual([await modeOf(file), await readFile(file, 'utf8')], ['600', 'secret'])
    await assert.rejects(createPrivateFile(file, 'other'), {code: 'EEXIST'})
    assert.equal(await readFile(file, 'utf8'), 'secret')
  })

  it('writes through no symbolic link', async () => {
    const link = path.join(directory, 'link')
    await symlink(path.join(directory, 'elsewhere'), link)
    await assert.rejects(createPrivateFile(link, 'x'), {code: 'EEXIST'})
    await replacePrivateFile(link, 'x')
    assert.equal(await exists(path.join(directory, 'elsewhere')), false)
  })

  it('replaces a file in one step and leaves nothing else', async () => {
    const file = path.join(directory, 'daemon.json')
    await writeFile(file, 'old', {mode: 0o644})
    await replacePrivateFile(file, 'new')
    assert.deepEqual([await modeOf(file), await readFile(file, 'utf8')], ['600', 'new'])
    assert.deepEqual(await readdir(directory), ['daemon.json'])
  })

  it('leaves no temporary file when replacing fails', async () => {
    const target = path.join(directory, 'folder')
    await mkdir(path.join(target, 'inner'), {recursive: true})
    await assert.rejects(replacePrivateFile(target, 'x'))
    assert.deepEqual(await readdir(directory), ['folder'])
  })

  it('knows what exists', async () => {
    assert.equal(await exists(directory), true)
    assert.equal(await exists(path.join(directory, 'nothing')), false)
  })
})
