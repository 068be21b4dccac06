import assert from 'node:assert/strict'
import {cp, open as openFile, readdir, readFile, rename, rm, truncate, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {JournalFile} from '../../../src/core/store/journal-file.js'
import {JournaledStore} from '../../../src/core/store/journaled-store.js'
import {readStore} from '../../../src/core/store/read-store.js'
import {replay} from '../../../src/core/store/replay.js'
import {parseSnapshot} from '../../../src/core/store/snapshot-file.js'
import {recover} from '../../../src/core/store/recover.js'
import {mayBeWrittenLater} from '../../../src/core/store/write-failed.js'
import type {Json} from '../../../src/core/base/json.js'
import {silentLog} from '../../../src/core/base/log.js'
import {cleanScratch, contents, open, scratch} from './scratch.js'

const never = {records: 1e9, bytes: 1e12}

/** A journal of `count` commits, each of which sets `n` and one key of its own. */
async function journalOf(count: number): Promise<{directory: string; file: string; bytes: Buffer}> {
  const directory = await scratch()
  await using store = await open(directory, never)
  for (let index = 1; index <= count; index += 1) {
    await store.commit([
      {key: 'n', value: index},
      {key: `k/${index}`, value: `value ${index} ü\n`},
    ])
  }
  const file = path.join(directory, 'journal')
  return {directory, file, bytes: await readFile(file)}
}

/** The state after the first `count` commits. */
function stateAfter(count: number): Record<string, unknown> {
  const keys = Array.from({length: count}, (_, index) => [`k/${index + 1}`, `value ${index + 1} ü\n`])
  return count === 0 ? {} : {...(Object.fromEntries(keys) as Record<string, unknown>), n: count}
}

describe('a journal cut short', () => {
  cleanScratch()

  it('gives exactly the commits that are whole, at every byte (P1)', async () => {
    const {directory, file, bytes} = await journalOf(12)
    const ends = [...bytes.keys()].filter((at) => bytes[at] === 0x0a).map((at) => at + 1)
    for (let length = bytes.length; length >= 0; length -= 1) {
      await truncate(file, length)
      const whole = Math.max(0, ends.filter((end) => end <= length).length - 1)
      const found = await recover(directory)
      assert.deepEqual(Object.fromEntries(found.entries), stateAfter(whole), `cut at ${length}`)
      assert.equal(found.journal.length, ends.filter((end) => end <= length).at(-1) ?? 0)
    }
  })

  it('is cut to its last whole record, written on, and what was cut is kept (P1)', async () => {
    const {directory, file, bytes} = await journalOf(3)
    for (let length = 0; length <= bytes.length; length += 7) {
      for (const name of await readdir(directory)) await rm(path.join(directory, name))
      await writeFile(file, bytes.subarray(0, length), {mode: 0o600})
      const before = contents(await readStore(directory))
      const lines: string[] = []
      {
        await using store = await open(directory, never, lines)
        assert.deepEqual(contents(store), before)
        await store.commit([{key: 'after', value: length}])
      }
      assert.deepEqual(contents(await readStore(directory)), {...before, after: length})
      const kept = (await readdir(directory)).filter((name) => name.startsWith('journal.corrupt-'))
      const tail = kept[0] ? await readFile(path.join(directory, kept[0])) : Buffer.alloc(0)
      const good = length - tail.length
      assert.ok(good === 0 || bytes[good - 1] === 0x0a)
      assert.deepEqual(tail, bytes.subarray(good, length))
      assert.equal(lines.length, kept.length, 'says so in the log')
    }
  })
})

describe('a journal with a flipped bit', () => {
  cleanScratch()

  it('never gives a wrong record, for 20,000 flips (P2)', async () => {
    const {bytes, directory} = await journalOf(12)
    const expected = Array.from({length: 13}, (_, count) => sorted(stateAfter(count)))
    for (const {bit, at} of flips(bytes, 20_000)) {
      const state = {seq: 0, entries: new Map<string, Json>()}
      replay(bytes, state, directory)
      const line = bytes.subarray(0, at).filter((byte) => byte === 0x0a).length
      assert.equal(sorted(Object.fromEntries(state.entries)), expected[Math.max(0, line - 1)], `bit ${bit}`)
    }
  })

  it('is cut before it; the good records behind it are kept aside, and all of it is said', async () => {
    const {directory, file, bytes} = await journalOf(10)
    const fifth = bytes.indexOf('"k/5"')
    await writeFile(file, Buffer.concat([bytes.subarray(0, fifth), Buffer.from('"k/6"'), bytes.subarray(fifth + 5)]))
    const lines: string[] = []
    await using store = await open(directory, never, lines)
    assert.equal(store.get('n'), 4)
    assert.match(lines.join(''), /cut and kept/)
    const kept = (await readdir(directory)).find((name) => name.startsWith('journal.corrupt-'))
    assert.ok((await readFile(path.join(directory, kept!))).includes('k/10'))
  })

  it('keeps the newest ten of what was cut', async () => {
    const {directory, file} = await journalOf(1)
    for (let round = 0; round < 13; round += 1) {
      await writeFile(file, `half ${round}`, {flag: 'a'})
      await (await open(directory))[Symbol.asyncDispose]()
    }
    const kept = (await readdir(directory)).filter((name) => name.includes('.corrupt-')).sort()
    assert.equal(kept.length, 10)
    assert.equal(await readFile(path.join(directory, kept.at(-1)!), 'utf8'), 'half 12')
  })
})

describe('a snapshot', () => {
  cleanScratch()

  const every = {records: 10, bytes: 1e9}
  const count = 35

  /** Snapshots at 10, 20 and 30; five records in the journal. */
  async function withSnapshots(): Promise<string> {
    const directory = await scratch()
    await using store = await open(directory, every)
    for (let index = 1; index <= count; index += 1) {
      await store.commit([
        {key: 'n', value: index},
        {key: `k/${index}`, value: `value ${index} ü\n`},
      ])
    }
    return directory
  }

  it('keeps the journal short', async () => {
    const directory = await withSnapshots()
    assert.equal((await recover(directory)).journal.records, 5)
    assert.deepEqual(contents(await readStore(directory)), stateAfter(count))
  })

  it('that is damaged anywhere gives way to the one before it, without loss', async () => {
    const whole = await withSnapshots()
    const size = (await readFile(path.join(whole, 'snapshot'))).length
    for (let at = 0; at < size; at += 61) {
      const directory = await copyOf(whole)
      const file = path.join(directory, 'snapshot')
      const bytes = await readFile(file)
      bytes[at]! ^= 1
      await writeFile(file, at % 2 === 0 ? bytes : bytes.subarray(0, at))
      assert.deepEqual(contents(await readStore(directory)), stateAfter(count))
      {
        await using store = await open(directory, every)
        assert.deepEqual(contents(store), stateAfter(count))
        await store.commit([{key: 'n', value: count}])
      }
      const names = await readdir(directory)
      assert.ok(names.some((name) => name.startsWith('snapshot.corrupt-')))
      assert.ok(names.includes('snapshot'), 'a new one is made at once')
      assert.deepEqual(contents(await readStore(directory)), stateAfter(count))
    }
  })

  it('with a flipped bit is never taken for a good one (P2)', async () => {
    const directory = await withSnapshots()
    const bytes = await readFile(path.join(directory, 'snapshot'))
    assert.notEqual(parseSnapshot(bytes, directory), 'bad')
    for (const {bit} of flips(bytes, 5000)) assert.equal(parseSnapshot(bytes, directory), 'bad', `bit ${bit}`)
  })

  it('survives a crash at every step of making one', async () => {
    const earlier = await withSnapshots()
    const snapshot = await readFile(path.join(await snapshotNow(earlier), 'snapshot'))
    const at = (name: string): string => path.join(earlier, name)
    const steps: readonly (readonly [string, () => Promise<void>])[] = [
      ['nothing yet', () => Promise.resolve()],
      ['half a snapshot', () => writeFile(at('snapshot.next'), snapshot.subarray(0, snapshot.length / 2))],
      ['a whole snapshot', () => writeFile(at('snapshot.next'), snapshot)],
      ['the old one moved', () => rename(at('snapshot'), at('snapshot.previous'))],
      ['the new one in place', () => rename(at('snapshot.next'), at('snapshot'))],
      ['a new journal', () => writeFile(at('journal.next'), '')],
      ['the old journal moved', () => rename(at('journal'), at('journal.previous'))],
      ['the new journal in place', () => rename(at('journal.next'), at('journal'))],
    ]
    for (const [step, act] of steps) {
      await act()
      const crashed = await copyOf(earlier)
      assert.deepEqual(contents(await readStore(crashed)), stateAfter(count), step)
      {
        await using again = await open(crashed, every)
        assert.deepEqual(contents(again), stateAfter(count), step)
        for (let more = 0; more < 25; more += 1) await again.commit([{key: 'more', value: more}])
      }
      assert.deepEqual(contents(await readStore(crashed)), {...stateAfter(count), more: 24}, step)
      assert.ok(!(await readdir(crashed)).some((name) => name.endsWith('.next')), step)
    }
  })

  it('is made of what is on disk, not of commits that wait', async () => {
    const directory = await scratch()
    await using store = await open(directory, {records: 3, bytes: 1e9})
    const done: Promise<void>[] = []
    for (let index = 1; index <= 200; index += 1) {
      done.push(store.commit([{key: 'n', value: index}]))
      if (index % 3 === 0) await done.at(-1)
      if (index % 7 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(done)
    assert.deepEqual(contents(await readStore(directory)), {n: 200})
  })

  it('keeps 100,000 updates in a small directory', async () => {
    const directory = await scratch()
    await using store = await open(directory)
    for (let round = 0; round < 100; round += 1) {
      await Promise.all(
        Array.from({length: 1000}, (_, index) => store.commit([{key: `service/${index % 50}`, value: {round, index}}])),
      )
    }
    const sizes = await Promise.all(
      (await readdir(directory)).map(async (name) => (await readFile(path.join(directory, name))).length),
    )
    assert.ok(sizes.reduce((sum, size) => sum + size, 0) < 4e6)
    assert.equal((await readStore(directory)).entries('service/').length, 50)
  })
})

describe('a journal whose snapshots are lost', () => {
  cleanScratch()

  it('is set aside rather than applied to the wrong state, and that is said', async () => {
    const directory = await scratch()
    {
      await using store = await open(directory, {records: 10, bytes: 1e9})
      for (let index = 1; index <= 35; index += 1) await store.commit([{key: `k/${index}`, value: index}])
    }
    for (const name of ['snapshot', 'snapshot.previous']) await rm(path.join(directory, name))
    const lines: string[] = []
    {
      await using store = await open(directory, never, lines)
      assert.deepEqual(contents(store), {})
      assert.match(lines.join(''), /Part of the state is lost/)
      await store.commit([{key: 'new', value: 1}])
    }
    assert.deepEqual(contents(await readStore(directory)), {new: 1})
  })
})

describe('a disk that refuses', () => {
  cleanScratch()

  it('takes back the refused commits and those built on them (/dev/full)', async () => {
    const lines: string[] = []
    await using store = await storeOver('/dev/full', lines)
    const refused = [1, 2, 3].map((value) => store.commit([{key: 'k', value}]))
    await new Promise((resolve) => setImmediate(resolve))
    refused.push(store.commit([{key: 'k', value: 4}]))
    assert.equal(store.get('k'), 4)
    for (const commit of refused) await assert.rejects(commit, {code: 'STATE_WRITE_FAILED', exit: 5, message: /ENOSPC/})
    assert.equal(store.get('k'), 'before')
    assert.equal(lines.length, 1, 'says so once')
    assert.equal(store.problem, undefined, 'there may be room again')
  })

  it('makes the store read-only and loud when a sync fails (/dev/null cannot be synced)', async () => {
    const lines: string[] = []
    await using store = await storeOver('/dev/null', lines)
    await assert.rejects(store.commit([{key: 'k', value: 1}]), /a sync failed .* read-only from now on/)
    assert.match(lines.join(), /read-only/)
    assert.equal(store.get('k'), 'before')
    await assert.rejects(store.commit([{key: 'k', value: 2}]), /read-only/)
    assert.equal(store.get('k'), 'before')
    assert.match(store.problem?.message ?? '', /a sync failed .* read-only from now on/)
    assert.equal(mayBeWrittenLater(store.problem), false)
  })

  async function storeOver(device: string, lines: string[]): Promise<JournaledStore> {
    return new JournaledStore({
      directory: await scratch(),
      log: {...silentLog, error: (message) => void lines.push(message)},
      snapshotEvery: never,
      entries: new Map([['k', 'before']]),
      seq: 0,
      journal: new JournalFile(await openFile(device, 'r+'), 0),
      gained: {records: 0, bytes: 0},
    })
  }
})

async function copyOf(directory: string): Promise<string> {
  const copy = await scratch()
  await cp(directory, copy, {recursive: true})
  return copy
}

/** A copy with a snapshot of its present state. */
async function snapshotNow(directory: string): Promise<string> {
  const copy = await copyOf(directory)
  await using store = await open(copy, {records: 1, bytes: 1e9})
  await store.commit([])
  return copy
}

function sorted(entries: Record<string, unknown>): string {
  return JSON.stringify(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Flips one bit after another in place, each undone before the next. Always the same ones. */
function* flips(bytes: Buffer, count: number): Generator<{readonly bit: number; readonly at: number}> {
  let random = 12_345
  for (let flip = 0; flip < count; flip += 1) {
    random = (random * 1_103_515 + 12_345) % 2_147_483_647
    const bit = random % (bytes.length * 8)
    const at = bit >> 3
    bytes[at]! ^= 1 << (bit & 7)
    yield {bit, at}
    bytes[at]! ^= 1 << (bit & 7)
  }
}
