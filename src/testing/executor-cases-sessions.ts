import assert from 'node:assert/strict'
import type {Session, SessionRequest} from '../core/contract/session.js'
import type {WorkloadHandle} from '../core/contract/workload.js'
import type {Suite} from './executor-suite.js'

/** What an executor whose handles have `openSession` must do with it. */
export function sessionCases<Spec>({it, withWorkload}: Suite<Spec>): void {
  const inSession = (title: string, script: string, test: (session: Session) => Promise<void>): void => {
    it(title, (fixture) =>
      withWorkload(fixture, {does: 'run'}, async (handle) => {
        if (!handle.openSession) return
        await using session = await handle.openSession(shell(script))
        await test(session)
        assert.equal(await fixture.runs(handle), true, 'the workload is left alone')
      }),
    )
  }
  inSession('runs a command with its streams apart', 'echo out; echo error >&2; exit 3', async (session) => {
    assert.deepEqual(await collect(session), {stdout: 'out\n', stderr: 'error\n'})
    assert.deepEqual(await session.ended, {by: 'code', code: 3})
  })
  inSession('gives it input, byte for byte, and an end of it', 'cat', async (session) => {
    const sent = Buffer.from(Array.from({length: 200_000}, (_, index) => index % 256))
    const got: Uint8Array[] = []
    const reading = (async () => {
      for await (const {bytes} of session.output) got.push(bytes)
    })()
    await session.write(sent)
    await session.endInput()
    await reading
    assert.ok(Buffer.concat(got).equals(sent), 'what came out is what went in')
    assert.deepEqual(await session.ended, {by: 'code', code: 0})
  })
  inSession('sends it signals', `trap 'exit 9' INT; echo ready; while :; do sleep 0.05; done`, async (session) => {
    for await (const {bytes} of session.output) {
      if (bytes.length > 0) session.signal('SIGINT')
    }
    assert.deepEqual(await session.ended, {by: 'code', code: 9})
  })
  inSession('ends it when it is disposed of, also twice', 'echo ready; exec sleep 600', async (session) => {
    for await (const {bytes} of session.output) if (bytes.length > 0) break
    await session[Symbol.asyncDispose]()
    await session[Symbol.asyncDispose]()
    assert.equal((await session.ended).by, 'signal')
  })
  it('says of a program that is not there: 127, and why', (fixture) =>
    withWorkload(fixture, {does: 'run'}, async (handle) => {
      if (!handle.openSession) return
      await using session = await openMissing(handle)
      const status = await session.ended
      assert.ok(status.by === 'code' && status.code === 127, JSON.stringify(status))
    }))
}

function openMissing(handle: WorkloadHandle): Promise<Session> {
  return (
    handle.openSession?.({program: 'no-such-program', args: [], env: {}}) ?? Promise.reject(new Error('No sessions.'))
  )
}

function shell(script: string): SessionRequest {
  return {program: 'sh', args: ['-c', script], env: {}}
}

async function collect({output}: Session): Promise<{readonly stdout: string; readonly stderr: string}> {
  const parts = {stdout: [] as Uint8Array[], stderr: [] as Uint8Array[]}
  for await (const {stream, bytes} of output) parts[stream].push(bytes)
  return {stdout: Buffer.concat(parts.stdout).toString(), stderr: Buffer.concat(parts.stderr).toString()}
}
