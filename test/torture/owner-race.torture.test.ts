import assert from 'node:assert/strict'
import type {ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {after, before, describe, it} from 'mocha'
import {takeOwnership} from '../../src/core/store/owner-lock.js'
import {compiledChildren, type Children} from '../core/store/compiled.js'
import {removeScratch, scratch} from '../core/store/scratch.js'
import {size} from './support/sizes.js'

type Outcome =
  | {readonly won: false; readonly code: string; readonly exit: number; readonly details: {readonly pid: number}}
  | {readonly won: true}

const rounds = size({quick: 10, full: 25})

describe('processes that race for one state directory', () => {
  const racers: ChildProcess[] = []
  let children: Children

  before(async function () {
    this.timeout(30_000)
    children = await compiledChildren()
    for (let racer = 0; racer < 12; racer += 1) racers.push(await started())
  })

  after(async () => {
    for (const racer of racers) racer.kill('SIGKILL')
    await removeScratch()
  })

  // The twelve processes live through all rounds and are told by message when to go: starting 300 would measure Node.
  it(`have exactly one owner in each of ${rounds} rounds, and the losers name it (P6)`, async function () {
    this.timeout(120_000)
    const lock = path.join(await scratch(), 'daemon.lock')
    for (let round = 0; round < rounds; round += 1) {
      const outcomes = await Promise.all(racers.map((racer) => ask(racer, {take: lock})))
      const winners = racers.filter((_, index) => outcomes[index]?.won)
      assert.equal(winners.length, 1, `round ${round}: ${JSON.stringify(outcomes)}`)
      for (const outcome of outcomes) {
        if (outcome.won) continue
        assert.deepEqual([outcome.code, outcome.exit], ['STATE_LOCKED', 75])
        assert.equal(outcome.details.pid, winners[0]!.pid)
      }
      await endOwnership(winners[0]!, round)
    }
  })

  it('end with exit code 75 when they lose', async () => {
    const lock = path.join(await scratch(), 'daemon.lock')
    await using _owned = await takeOwnership({lock})
    const loser = children.start('owner', [lock], ['ignore', 'pipe', 'inherit'])
    let said = ''
    loser.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text))
    const [code] = (await once(loser, 'close')) as [number | null]
    assert.equal(code, 75)
    assert.match(said, new RegExp(`process ${process.pid} has held it since`))
  })

  it('never own it together while it goes from hand to hand', async function () {
    this.timeout(60_000)
    const lock = path.join(await scratch(), 'daemon.lock')
    const held = `${lock}.held`
    const until = Date.now() + 2000
    const turns = await Promise.all(
      racers.slice(0, 6).map(async (racer) => {
        let wins = 0
        while (Date.now() < until) {
          if (!(await ask(racer, {take: lock})).won) continue
          await writeFile(held, '', {flag: 'wx'})
          await rm(held)
          await ask(racer, 'release')
          wins += 1
        }
        return wins
      }),
    )
    assert.ok(turns.reduce((sum, wins) => sum + wins, 0) > 10, turns.join())
  })

  /** By letting go, or by death, of which only the kernel tells the others. */
  async function endOwnership(owner: ChildProcess, round: number): Promise<void> {
    if (round % 5 !== 4) {
      await ask(owner, 'release')
      return
    }
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    racers[racers.indexOf(owner)] = await started()
  }

  async function started(): Promise<ChildProcess> {
    const child = children.start('owner', [], ['ignore', 'inherit', 'inherit', 'ipc'])
    await once(child, 'message')
    return child
  }

  async function ask(racer: ChildProcess, message: 'release' | {readonly take: string}): Promise<Outcome> {
    const answer = once(racer, 'message')
    racer.send(message)
    const [outcome] = (await answer) as [Outcome]
    return outcome
  }
})
