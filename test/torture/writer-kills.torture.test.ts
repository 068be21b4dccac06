import assert from 'node:assert/strict'
import {once} from 'node:events'
import {mkdir} from 'node:fs/promises'
import path from 'node:path'
import {after, before, describe, it} from 'mocha'
import {readStore} from '../../src/core/store/read-store.js'
import {compiledChildren, type Children} from '../core/store/compiled.js'
import {open, removeScratch, scratch} from '../core/store/scratch.js'
import {printedRandom, size} from './support/sizes.js'

const kills = size({quick: 20, full: 100})
const lanes = 4

describe('a writer that is killed', () => {
  let children: Children
  let random: () => number
  before(async function () {
    this.timeout(30_000)
    children = await compiledChildren()
  })
  after(removeScratch)

  it(`loses nothing that it acknowledged, over ${kills} kills (P3)`, async function () {
    this.timeout(120_000)
    random = printedRandom().random
    const counts = await Promise.all(
      Array.from({length: lanes}, async (_, lane) => {
        const directory = path.join(await scratch(), `lane-${lane}`)
        await mkdir(directory, {mode: 0o700})
        let acknowledged = 0
        for (let kill = 0; kill < kills / lanes; kill += 1) {
          acknowledged = Math.max(acknowledged, await writeUntilKilled(directory))
          await assertWhole(directory, acknowledged)
        }
        return acknowledged
      }),
    )
    assert.ok(Math.min(...counts) >= kills / lanes, `it wrote: ${counts.join()}`)
  })

  /** Answers the last number that the writer acknowledged. */
  async function writeUntilKilled(directory: string): Promise<number> {
    const child = children.start('writer', [directory], ['ignore', 'pipe', 'inherit'])
    let said = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (said === '') setTimeout(() => child.kill('SIGKILL'), random() * 40)
      said += text
    })
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
    assert.equal(signal, 'SIGKILL', `the writer ended by itself with ${String(code)}`)
    return Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1))
  }

  /** The state is that of one moment, not before the last acknowledgement; and the same with and without an owner. */
  async function assertWhole(directory: string, acknowledged: number): Promise<void> {
    const view = await readStore(directory)
    const now = Number(view.get('n'))
    assert.ok(now >= acknowledged, `${now} is on disk, ${acknowledged} was acknowledged`)
    assert.equal(view.get('mirror'), now)
    for (let number = Math.max(1, now - 49); number <= now; number += 1) {
      assert.equal(view.get(`slot/${number % 50}`), number)
    }
    await using store = await open(directory)
    assert.deepEqual(store.entries(''), view.entries(''))
  }
})
