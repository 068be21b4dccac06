import assert from 'node:assert/strict'
import {chmod, chown, mkdir, readdir, readFile, stat, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {Json} from '../../../src/core/base/json.js'
import {encodeLine} from '../../../src/core/store/line.js'
import {memoryStore} from '../../../src/core/store/memory-store.js'
import {readStore} from '../../../src/core/store/read-store.js'
import type {Store} from '../../../src/core/store/store.js'
import {cleanScratch, contents, open, scratch} from './scratch.js'

const kinds: Readonly<Record<string, (directory: string) => Promise<Store>>> = {
  'a store on disk': (directory) => open(directory),
  'a store in memory': () => Promise.resolve(memoryStore()),
}

for (const [kind, make] of Object.entries(kinds)) {
  describe(kind, () => {
    cleanScratch()

    it('shows a change at once and keeps it', async () => {
      await using store = await make(await scratch())
      const done = store.commit([{key: 'service/shop/api', value: {wanted: 'up'}}])
      assert.deepEqual(store.get('service/shop/api'), {wanted: 'up'})
      await done
      assert.deepEqual(store.get('service/shop/api'), {wanted: 'up'})
    })

    it('lists entries of a prefix in key order', async () => {
      await using store = await make(await scratch())
      await store.commit(['s/b', 's/a', 't/a', 's/a-1', 'S/x'].map((key) => ({key, value: key})))
      const keys = store.entries('s/').map(([key]) => key)
      assert.deepEqual(keys, ['s/a', 's/a-1', 's/b'])
    })

    it('removes a key whose value is undefined, and knows null as a value', async () => {
      await using store = await make(await scratch())
      await store.commit([
        {key: 'gone', value: 1},
        {key: 'null', value: null},
      ])
      await store.commit([{key: 'gone', value: undefined}])
      assert.equal(store.get('gone'), undefined)
      assert.deepEqual(store.entries(''), [['null', null]])
    })

    it('holds a copy, so that what the caller does to the value later does not matter', async () => {
      await using store = await make(await scratch())
      const value = {list: ['a']}
      await store.commit([{key: 'k', value}])
      value.list.push('b')
      assert.deepEqual(store.get('k'), {list: ['a']})
    })

    it('takes any key and any text', async () => {
      await using store = await make(await scratch())
      const hostile = ['__proto__', 'constructor', '', 'a\nb', 'ü\u2028\ud800', '"', '\u0000']
      await store.commit(hostile.map((key) => ({key, value: key})))
      for (const key of hostile) assert.equal(store.get(key), key)
    })
  })
}

describe('a store on disk, opened again', () => {
  cleanScratch()

  it('has everything that was committed, and nothing else', async () => {
    const directory = await scratch()
    const values: Json[] = [0, -1.5, 'text\nwith "lines"', 'ü €\u2028', true, null, [], {}, {a: [{b: null}]}]
    {
      await using store = await open(directory)
      await Promise.all(values.map((value, index) => store.commit([{key: `k/${index}`, value}])))
      await store.commit([{key: 'k/0', value: undefined}])
    }
    await using store = await open(directory)
    assert.deepEqual(contents(store), Object.fromEntries(values.map((value, index) => [`k/${index}`, value]).slice(1)))
  })

  it('has commits that were not waited for when it was closed', async () => {
    const directory = await scratch()
    const store = await open(directory)
    const done = store.commit([{key: 'k', value: 1}])
    await store[Symbol.asyncDispose]()
    await done
    assert.deepEqual(contents(await readStore(directory)), {k: 1})
  })

  it('refuses commits once closed, and may be closed twice', async () => {
    const store = await open(await scratch())
    await store[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()
    await assert.rejects(store.commit([{key: 'k', value: 1}]), {code: 'STATE_WRITE_FAILED'})
    assert.equal(store.get('k'), undefined)
  })

  it('writes the commits of one turn of the event loop together', async () => {
    const directory = await scratch()
    await using store = await open(directory)
    const order: number[] = []
    await Promise.all(
      Array.from({length: 2000}, (_, index) =>
        store.commit([{key: `k/${index}`, value: index}]).then(() => order.push(index)),
      ),
    )
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    )
    assert.equal((await readStore(directory)).entries('k/').length, 2000)
  })

  it('rejects what is not JSON and goes on', async () => {
    await using store = await open(await scratch())
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    await assert.rejects(store.commit([{key: 'bad', value: circle as Json}]), TypeError)
    assert.equal(store.get('bad'), undefined)
    await store.commit([{key: 'good', value: 1}])
  })
})

describe('the files of a store', () => {
  cleanScratch()

  it('are for their owner only, from creation, whatever the umask', async () => {
    const umask = process.umask(0)
    try {
      const directory = path.join(await scratch(), 'state', 'store')
      {
        await using store = await open(directory, {records: 2, bytes: 1e6})
        for (let index = 0; index < 7; index += 1) await store.commit([{key: 'k', value: index}])
      }
      await writeFile(path.join(directory, 'journal'), 'half a line', {flag: 'a'})
      await using _store = await open(directory)
      const names = await readdir(directory)
      assert.deepEqual(names.map((name) => name.replace(/corrupt-.*/, 'corrupt')).sort(), [
        'journal',
        'journal.corrupt',
        'journal.previous',
        'snapshot',
        'snapshot.previous',
      ])
      assert.equal((await stat(directory)).mode & 0o777, 0o700)
      assert.equal((await stat(path.dirname(directory))).mode & 0o777, 0o700)
      for (const name of names) assert.equal((await stat(path.join(directory, name))).mode & 0o777, 0o600, name)
    } finally {
      process.umask(umask)
    }
  })

  it('are refused in a directory that others may enter', async () => {
    const directory = await scratch()
    await chmod(directory, 0o777)
    await assert.rejects(open(directory), {code: 'STATE_UNSAFE'})
    await assert.rejects(readStore(directory), {code: 'STATE_UNSAFE'})
  })

  it('are refused in a directory of another user', async function () {
    if (process.getuid?.() !== 0) this.skip()
    const directory = await scratch()
    await chown(directory, 65_534, 65_534)
    await assert.rejects(open(directory), {code: 'STATE_UNSAFE', message: /belongs to user 65534/})
    await assert.rejects(readStore(directory), {code: 'STATE_UNSAFE'})
  })

  it('are refused behind a symbolic link', async () => {
    const directory = await scratch()
    await mkdir(path.join(directory, 'real'), {mode: 0o700})
    await symlink(path.join(directory, 'real'), path.join(directory, 'link'))
    await assert.rejects(open(path.join(directory, 'link')), {code: 'STATE_UNSAFE'})
    await writeFile(path.join(directory, 'victim'), 'precious')
    await symlink(path.join(directory, 'victim'), path.join(directory, 'real', 'journal'))
    await assert.rejects(open(path.join(directory, 'real')), {code: 'STATE_UNSAFE'})
    assert.equal(await readFile(path.join(directory, 'victim'), 'utf8'), 'precious')
  })

  it('are neither read nor touched when a newer harness wrote them', async () => {
    for (const name of ['journal', 'snapshot']) {
      const directory = await scratch()
      {
        await using store = await open(directory, {records: 3, bytes: 1e6})
        for (let index = 0; index < 5; index += 1) await store.commit([{key: 'k', value: index}])
      }
      const file = path.join(directory, name)
      await writeFile(file, newerSchema(await readFile(file, 'utf8')) + 'not a line of today')
      const before = await everyFile(directory)
      await assert.rejects(open(directory), {code: 'STATE_SCHEMA', exit: 5})
      await assert.rejects(readStore(directory), {code: 'STATE_SCHEMA'})
      assert.deepEqual(await everyFile(directory), before)
    }
  })
})

describe('reading a store without owning it', () => {
  cleanScratch()

  it('finds nothing where nothing is, and makes nothing', async () => {
    const directory = path.join(await scratch(), 'none')
    assert.deepEqual(contents(await readStore(directory)), {})
    await assert.rejects(stat(directory), {code: 'ENOENT'})
  })

  it('sees a whole state at any moment while a daemon writes and makes snapshots', async () => {
    const directory = await scratch()
    await using store = await open(directory, {records: 5, bytes: 1e6})
    const progress = {acknowledged: 0, writing: true}
    const writer = (async () => {
      for (let index = 1; index <= 300; index += 1) {
        await store.commit([
          {key: 'a', value: index},
          {key: 'b', value: index},
        ])
        progress.acknowledged = index
      }
    })().finally(() => (progress.writing = false))
    let reads = 0
    while (progress.writing) {
      const atLeast = progress.acknowledged
      const view = await readStore(directory)
      assert.equal(view.get('a'), view.get('b'))
      assert.ok(Number(view.get('a') ?? 0) >= atLeast)
      reads += 1
    }
    await writer
    assert.ok(reads > 0)
  })
})

function newerSchema(text: string): string {
  const end = text.indexOf('\n')
  return encodeLine(text.slice(9, end).replace('"schema":1', '"schema":2')).toString() + text.slice(end + 1)
}

async function everyFile(directory: string): Promise<unknown> {
  const names = (await readdir(directory)).sort()
  return Promise.all(
    names.map(async (name) => {
      const file = path.join(directory, name)
      return [name, await readFile(file, 'utf8'), (await stat(file)).mtimeMs]
    }),
  )
}
