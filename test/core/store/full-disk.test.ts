import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {appendFile, readdir, rm, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {readStore} from '../../../src/core/store/read-store.js'
import type {Store} from '../../../src/core/store/store.js'
import {contents, open, removeScratch, scratch} from './scratch.js'

const often = {records: 20, bytes: 1e9}

describe('a store on a full disk', () => {
  it('refuses, keeps what it had, starts, and heals when space returns', async function () {
    const disk = smallDisk(await scratch())
    if (disk === undefined) {
      assert.notEqual(process.env['CI'], 'true', 'This test needs a user who may mount a tmpfs; CI must run as one.')
      console.log('      skipped: only a user who may mount a tmpfs can fill a disk')
      this.skip()
    }
    try {
      const directory = path.join(disk, 'store')
      const filler = path.join(disk, 'filler')
      let expected: Record<string, unknown>
      {
        await using store = await open(directory, often)
        for (let index = 0; index < 30; index += 1) await store.commit([{key: `k/${index % 7}`, value: index}])
        expected = contents(store)
        await fill(filler)
        assert.equal(await refusedCommits(store), 200)
        assert.deepEqual(contents(store), expected)
      }
      assert.deepEqual(contents(await readStore(directory)), expected)

      await appendFile(path.join(directory, 'journal'), '01234567 [31,').catch(() => undefined)
      const lines: string[] = []
      {
        await using store = await open(directory, often, lines)
        assert.deepEqual(contents(store), expected)
        assert.equal(await refusedCommits(store), 200)

        await rm(filler)
        for (let index = 0; index < 50; index += 1) await store.commit([{key: 'healed', value: index}])
        assert.deepEqual(contents(await readStore(directory)), {...expected, healed: 49})
        assert.match(lines.join(''), /can be written again/)
      }
      // A snapshot that was under way has its end by then.
      assert.ok(!(await readdir(directory)).some((name) => name.endsWith('.next')))
    } finally {
      execFileSync('umount', [disk])
      await removeScratch()
    }
  })
})

/** A file system of 256 KB; `undefined` when this user may not mount one. */
function smallDisk(directory: string): string | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k,mode=700', 'tmpfs', directory], {stdio: 'ignore'})
    return directory
  } catch {
    return undefined
  }
}

/** Takes the last free byte. */
async function fill(file: string): Promise<void> {
  await writeFile(file, '')
  for (let size = 65_536; size >= 1; size = Math.floor(size / 2)) {
    while (
      await appendFile(file, Buffer.alloc(size)).then(
        () => true,
        () => false,
      )
    );
  }
  assert.ok((await stat(file)).size > 0)
}

/** Tries commits larger than what is left of the journal's last block; answers how many were refused. */
async function refusedCommits(store: Store): Promise<number> {
  let refused = 0
  for (let index = 0; index < 200; index += 1) {
    await store.commit([{key: `refused/${index}`, value: 'x'.repeat(5000)}]).catch((error: unknown) => {
      assert.ok(error instanceof Error && 'code' in error && error.code === 'STATE_WRITE_FAILED')
      refused += 1
    })
  }
  return refused
}
