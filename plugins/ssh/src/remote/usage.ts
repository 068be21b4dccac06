import {setTimeout as sleep} from 'node:timers/promises'
import type {WorkloadStats} from '@service-harness/cli/plugin'
import type {Agent} from '../agent/agent.js'
import type {Process} from './run-record.js'

/** Of processor time, between two looks. */
const spanMs = 200
const ticksPerSecond = 100
const pageBytes = 4096

/** What all processes of a run use: their processor time over a fifth of a second, and their resident memory. */
export async function usageOf(
  {pid, tick}: Process,
  instance: string,
  {agent, signal}: {readonly agent: Agent; readonly signal: AbortSignal},
): Promise<WorkloadStats> {
  const look = async () => {
    const words = [String(pid), String(tick), `HARNESS_INSTANCE=${instance}`]
    const [ticks = 0, pages = 0, now = 0] = (await agent.askNow('usage', words, signal)).text.split(' ').map(Number)
    return {ticks, pages, now}
  }
  const before = await look()
  await sleep(spanMs, undefined, {signal})
  const after = await look()
  const seconds = Math.max(0.01, after.now - before.now)
  return {cpu: Math.max(0, after.ticks - before.ticks) / ticksPerSecond / seconds, memory: after.pages * pageBytes}
}
