import assert from 'node:assert/strict'
import type {Session, SessionRequest} from '../core/contract/session.js'
import type {WorkloadHandle} from '../core/contract/workload.js'
import type {Suite} from './executor-suite.js'

/** What an executor whose handles have `openSession` must do with it. */
export function sessionCases<Spec>(suite: Suite<Spec>): void {
  const {it, withWorkload} = suite
  inputCases(suite)
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

function inputCases<Spec>({it, withSpec}: Suite<Spec>): void {
  it('hands input over, from one writer after the other, also after a restart of the daemon', async (fixture) => {
    const spec = await fixture.copyingSpec?.()
    if (spec === undefined) return
    await withSpec(fixture, spec, async (handle) => {
      await give(handle, 'one\n')
      await give(handle, 'two\n')
      const recovered = await fixture.restarted().recover(handle.save(), new AbortController().signal)
      assert.ok(recovered)
      await give(recovered, 'three\n')
      recovered.release()
      let seen = ''
      for (const [source] = handle.logs; source && !seen.includes('three');) {
        const {bytes} = await source.read(seen.length, 4096)
        seen += Buffer.from(bytes).toString()
        if (bytes.length === 0) await source.changed(seen.length, new AbortController().signal)
      }
      assert.equal(seen, 'one\ntwo\nthree\n')
      assert.equal(await fixture.runs(handle), true, 'its input did not end')
    })
  })
  it('has no input where nothing was said of it, and none once it has ended', async (fixture) => {
    await withSpec(fixture, await fixture.spec({does: 'run'}), (handle) => {
      assert.equal('openInput' in handle, false)
      return Promise.resolve()
    })
    const spec = await fixture.copyingSpec?.()
    if (spec === undefined) return
    await withSpec(fixture, spec, async (handle) => {
      await handle.stop({graceMs: 0})
      await assert.rejects(async () => handle.openInput?.(), {code: 'SERVICE_NO_INPUT'})
    })
  })
}

async function give(handle: WorkloadHandle, text: string): Promise<void> {
  using input = await handle.openInput?.()
  assert.ok(input, 'it has an input')
  await input.write(Buffer.from(text))
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
