import assert from 'node:assert/strict'
import {readLines} from '../core/process/log/read-lines.js'
import type {ProcessEvent} from '../core/contract/command.js'
import type {WorkloadHandle} from '../core/contract/workload.js'
import {sessionCases} from './executor-cases-sessions.js'
import type {Suite} from './executor-suite.js'

const never = new AbortController().signal

/** What every executor that starts and stops its workloads must do. */
export function managedCases<Spec>(suite: Suite<Spec>): void {
  endCases(suite)
  stopCases(suite)
  outputCases(suite)
  recoverCases(suite)
  sessionCases(suite)
}

function endCases<Spec>({it, withWorkload}: Suite<Spec>): void {
  it('starts a workload that runs', (fixture) =>
    withWorkload(fixture, {does: 'run'}, async (handle, request) => {
      assert.equal(handle.id, request.id)
      assert.equal(await fixture.runs(handle), true)
      assert.ok(Math.abs(handle.startedAt - Date.now()) < 60_000, 'it began just now')
    }))
  it('reports the exit code', (fixture) =>
    withWorkload(fixture, {does: 'exit', code: 7}, async (handle) => {
      assert.deepEqual(await handle.wait(), {by: 'code', code: 7})
    }))
  it('reports the signal that ended it', (fixture) =>
    withWorkload(fixture, {does: 'die', signal: 'SIGKILL'}, async (handle) => {
      assert.deepEqual(await handle.wait(), {by: 'signal', signal: 'SIGKILL'})
    }))
  it('says lost when nobody knows how it ended', (fixture) =>
    withWorkload(fixture, {does: 'run'}, async (handle) => {
      if (!fixture.lose) return
      await fixture.lose(handle)
      assert.equal((await handle.wait()).by, 'lost')
    }))
  it('gives up waiting when the signal aborts, and nothing else', (fixture) =>
    withWorkload(fixture, {does: 'run'}, async (handle) => {
      await assert.rejects(handle.wait(AbortSignal.abort(new Error('enough'))), /enough/)
      assert.equal(await fixture.runs(handle), true)
    }))
  it('passes signals on where it says so', (fixture) =>
    withWorkload(fixture, {does: 'run'}, async (handle) => {
      assert.equal(handle.signal !== undefined, fixture.executor.capabilities.signal)
      if (!handle.signal) return
      await handle.signal('SIGKILL')
      assert.deepEqual(await handle.wait(), {by: 'signal', signal: 'SIGKILL'})
      await assert.rejects(handle.signal('SIGTERM'), {code: 'SERVICE_NOT_RUNNING'})
    }))
  it('runs commands beside it where it says so', (fixture) =>
    withWorkload(fixture, {does: 'run'}, async (handle) => {
      assert.equal(handle.exec !== undefined, fixture.executor.capabilities.exec)
      if (!handle.exec) return
      const result = await handle.exec({program: 'sh', args: ['-c', 'echo seen; exit 3'], env: {}}, never)
      assert.deepEqual(result, {status: {by: 'code', code: 3}, stdout: 'seen\n', stderr: ''})
    }))
}

function stopCases<Spec>({it, withWorkload}: Suite<Spec>): void {
  it('stops, and nothing is left', (fixture) =>
    withWorkload(fixture, {does: 'run'}, async (handle) => {
      const status = await handle.stop({graceMs: 5000})
      assert.equal(await fixture.runs(handle), false)
      assert.deepEqual(status, await handle.wait())
    }))
  it('stops twice, at once and one after the other', (fixture) =>
    withWorkload(fixture, {does: 'run'}, async (handle) => {
      const [first, second] = await Promise.all([handle.stop({graceMs: 5000}), handle.stop({graceMs: 5000})])
      assert.deepEqual(first, second)
      assert.deepEqual(await handle.stop({graceMs: 5000}), first)
    }))
  it('kills after the grace', (fixture) =>
    withWorkload(fixture, {does: 'resist'}, async (handle) => {
      await firstLine(handle)
      const begin = performance.now()
      assert.deepEqual(await handle.stop({graceMs: 300}), {by: 'signal', signal: 'SIGKILL'})
      const took = performance.now() - begin
      assert.ok(took >= 290 && took < 3000, `stop took ${took} ms`)
      assert.equal(await fixture.runs(handle), false)
    }))
  it('shortens the grace when asked again', (fixture) =>
    withWorkload(fixture, {does: 'resist'}, async (handle) => {
      await firstLine(handle)
      const begin = performance.now()
      await Promise.all([handle.stop({graceMs: 60_000}), handle.stop({graceMs: 0})])
      assert.ok(performance.now() - begin < 3000, 'it did not wait for the first grace')
    }))
  it('destroys twice', (fixture) =>
    withWorkload(fixture, {does: 'exit', code: 0}, async (handle) => {
      await handle.wait()
      await handle.destroy()
      await handle.destroy()
      assert.equal(await fixture.runs(handle), false)
    }))
}

function outputCases<Spec>({it, withWorkload}: Suite<Spec>): void {
  const expected = (count: number): string[] => Array.from({length: count}, (_, index) => `line ${index + 1}`)
  it('keeps every line, the last without a line end too', (fixture) =>
    withWorkload(fixture, {does: 'print', count: 3000}, async (handle) => {
      await handle.wait()
      assert.deepEqual(await linesOf(handle), expected(3000))
    }))
  it('gives two readers all events, in order, the end last', (fixture) =>
    withWorkload(fixture, {does: 'print', count: 500}, async (handle) => {
      const [one, two] = await Promise.all([collect(handle.events), collect(handle.events)])
      assert.deepEqual(one, two)
      assert.deepEqual(one.at(-1), 'exited')
      assert.deepEqual(one.slice(0, -1), expected(500))
    }))
}

function recoverCases<Spec>({it, withWorkload, request}: Suite<Spec>): void {
  it('recovers a running workload, which can then be stopped', (fixture) =>
    withWorkload(fixture, {does: 'run'}, async (handle) => {
      if (!fixture.executor.capabilities.recover) return
      const recovered = await fixture.restarted().recover(roundTrip(handle.save()), never)
      assert.ok(recovered)
      assert.deepEqual(recovered.place, handle.place)
      assert.ok(Math.abs(recovered.startedAt - handle.startedAt) < 200, 'it knows when it began')
      assert.deepEqual(recovered.save(), handle.save())
      assert.deepEqual(await recovered.stop({graceMs: 5000}), await handle.wait())
      assert.equal(await fixture.runs(handle), false)
      recovered.release()
    }))
  it('recovers by its intent alone, with all its output', (fixture) =>
    withWorkload(fixture, {does: 'print', count: 100}, async (handle, asked) => {
      if (!fixture.executor.capabilities.recover) return
      await handle.wait()
      const recovered = await fixture.restarted().recover(roundTrip(fixture.executor.intent(asked)), never)
      assert.ok(recovered)
      assert.equal((await linesOf(recovered)).length, 100)
      recovered.release()
    }))
  it('recovers an ended workload, which answers with its end at once', (fixture) =>
    withWorkload(fixture, {does: 'exit', code: 5}, async (handle) => {
      if (!fixture.executor.capabilities.recover) return
      await handle.wait()
      const recovered = await fixture.restarted().recover(roundTrip(handle.save()), never)
      assert.ok(recovered)
      assert.deepEqual(await recovered.wait(), {by: 'code', code: 5})
      recovered.release()
    }))
  it('finds nothing where nothing began', async (fixture) => {
    if (!fixture.executor.capabilities.recover) return
    const asked = await request(fixture, {does: 'run'})
    assert.equal(await fixture.executor.recover(roundTrip(fixture.executor.intent(asked)), never), undefined)
  })
  it('finds nothing after it was destroyed', (fixture) =>
    withWorkload(fixture, {does: 'exit', code: 0}, async (handle) => {
      if (!fixture.executor.capabilities.recover) return
      await handle.wait()
      await handle.destroy()
      assert.equal(await fixture.restarted().recover(roundTrip(handle.save()), never), undefined)
    }))
}

/** What is saved must survive being written down. */
function roundTrip<T>(saved: T): T {
  return JSON.parse(JSON.stringify(saved)) as T
}

/** A workload that resists says so once it does. */
async function firstLine(handle: WorkloadHandle): Promise<void> {
  for await (const event of handle.events.subscribe()) if (event.kind === 'line') return
}

async function linesOf(handle: WorkloadHandle): Promise<string[]> {
  const texts: string[] = []
  for (const source of handle.logs.filter(({stream}) => stream === 'stdout')) {
    for await (const {lines} of readLines(source, {from: 0, follow: false, signal: never})) {
      texts.push(...lines.map(({text}) => text))
    }
  }
  return texts
}

async function collect(events: AsyncIterable<ProcessEvent>): Promise<string[]> {
  const seen: string[] = []
  for await (const event of events) {
    if (event.kind === 'line') seen.push(event.text)
    else if (event.kind === 'exited') seen.push('exited')
  }
  return seen
}
