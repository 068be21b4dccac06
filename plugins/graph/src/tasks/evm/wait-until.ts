import {setTimeout as sleep} from 'node:timers/promises'
import type {Wire} from '../../shared/http.js'
import {call, RpcError} from '../../shared/json-rpc.js'
import {taskFailed} from '../shared/task-error.js'
import {askCondition, describeUntil, type Standing} from './ask-condition.js'
import type {EvmInput, Until} from './input.js'

/** How it gets on. */
export type WaitEvent = {
  readonly waits_for: string
  readonly answer: string
  readonly polls: number
  readonly blocks_mined: number
}

export interface Waited {
  readonly answer: unknown
  readonly polls: number
  readonly blocks_mined: number
}

/** Asks until the answer is what it must be, and has blocks mined before each further question: on a chain for development nothing happens by itself. */
export async function waitUntil(
  until: Until,
  input: EvmInput,
  {wire, emit}: {readonly wire: Wire; readonly emit: (event: WaitEvent) => void},
): Promise<Waited> {
  const {ethereum_url: url, mine, poll_secs: pause = 1, timeout_secs: seconds = 60} = input
  refuseWrongPattern(until, wire)
  const deadline = performance.now() + seconds * 1000
  const told = new Told(describeUntil(until), emit)
  for (let polls = 1, mined = 0; ; polls += 1) {
    const standing = await askCondition(until, url, wire)
    told.tell(standing, {polls, blocks_mined: mined})
    if (standing.holds) return {answer: standing.value ?? null, polls, blocks_mined: mined}
    if (performance.now() + pause * 1000 > deadline) {
      const last = standing.text.length > 300 ? `${standing.text.slice(0, 300)}…` : standing.text
      const reason = `waited ${seconds} s in vain for ${describeUntil(until)}; the last answer was ${last}`
      throw taskFailed(wire, reason, 'Give it more time with `timeout_secs`, or see why it stays like that.')
    }
    await sleep(pause * 1000, undefined, {signal: wire.signal})
    if (mine) mined += await mineSome(mine, url, wire)
  }
}

function refuseWrongPattern(until: Until, wire: Wire): void {
  const {matches} = 'graphql' in until ? until.graphql : until.rpc
  if (matches === undefined) return
  try {
    new RegExp(matches, 'u')
  } catch (error) {
    throw taskFailed(wire, `\`matches\` is no regular expression: ${(error as Error).message}`)
  }
}

async function mineSome(
  {url, blocks_per_poll: count = 1, interval_secs: interval}: NonNullable<EvmInput['mine']>,
  ethereumUrl: string,
  wire: Wire,
): Promise<number> {
  const at = url ?? ethereumUrl
  try {
    await call({what: 'the chain', url: at}, 'anvil_mine', interval === undefined ? [count] : [count, interval], wire)
    return count
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    throw taskFailed(
      wire,
      `the chain at ${at} mines no block: ${error.message}`,
      'Only Anvil mines on demand like that.',
    )
  }
}

/** Tells of each answer once, and now and then that it is still the same. */
class Told {
  private last: string | undefined

  constructor(
    private readonly what: string,
    private readonly emit: (event: WaitEvent) => void,
  ) {}

  tell({text}: Standing, {polls, blocks_mined}: Pick<Waited, 'blocks_mined' | 'polls'>): void {
    if (text === this.last && polls % 10 !== 0) return
    this.last = text
    this.emit({waits_for: this.what, answer: text.slice(0, 300), polls, blocks_mined})
  }
}
