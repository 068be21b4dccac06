import {setTimeout as sleep} from 'node:timers/promises'
import type {PluginServices, WorkloadInput} from '@service-harness/cli/plugin'
import type {Agent} from '../agent/agent.js'
import {quote} from '../agent/quote.js'
import type {RemoteRun} from './run.js'

/** A program that was started just now opens its input a moment later. In milliseconds. */
const patienceMs = 1000
const pauseMs = 50

/** By instance, the last writer: who comes next waits until all that it has given is in the fifo there. */
const writers = new Map<string, Promise<unknown>>()

/** Opens the standard input of a program there, which is a fifo. SERVICE_NO_INPUT when nobody reads it, also not a moment later. */
export async function openInput(
  instance: string,
  run: RemoteRun,
  {agent, services, service}: {readonly agent: Agent; readonly services: PluginServices; readonly service: string},
): Promise<WorkloadInput> {
  await writers.get(instance)
  const {pid, tick} = run.found.program
  const signal = AbortSignal.timeout(10_000)
  for (let left = patienceMs; ; left -= pauseMs) {
    const code = run.isOver ? 1 : (await agent.askNow('input', [instance, String(pid), String(tick)], signal)).code
    if (code === 0) break
    if (code === 1 || left <= 0) {
      throw services.error('SERVICE_NO_INPUT', {
        subject: service,
        reason: code === 1 ? 'its program has ended' : 'its program has closed it',
        hint: `Run \`harness restart ${service}\` to start it anew.`,
      })
    }
    await sleep(pauseMs)
  }
  const {base} = await agent.connect(signal)
  const {stdin, ended, stdout, stderr} = await agent.host.open(`exec cat >${quote(`${base}/runs/${instance}/in`)}`, {})
  stdin.on('error', () => undefined)
  stdout.resume()
  stderr.resume()
  const over = ended.then(() => {
    if (writers.get(instance) === over) writers.delete(instance)
  })
  writers.set(instance, over)
  return {
    write: (bytes) =>
      new Promise((resolve) => {
        if (stdin.destroyed || stdin.writableEnded) resolve()
        else
          stdin.write(bytes, () => {
            resolve()
          })
      }),
    [Symbol.dispose]() {
      stdin.end()
    },
  }
}
