import assert from 'node:assert/strict'
import type {Suite} from './executor-suite.js'

const never = new AbortController().signal

/** What every executor that only watches must do. */
export function attachedCases<Spec>({it, withWorkload}: Suite<Spec>): void {
  it('attaches to a running workload', (fixture) =>
    withWorkload(fixture, {does: 'run'}, async (handle, request) => {
      assert.equal(handle.id, request.id)
      assert.equal(await fixture.runs(handle), true)
    }))
  it('only lets go when stopped, also twice', (fixture) =>
    withWorkload(fixture, {does: 'run'}, async (handle) => {
      const status = await handle.stop({graceMs: 0})
      assert.deepEqual(await handle.stop({graceMs: 0}), status)
      assert.equal(await fixture.runs(handle), true)
    }))
  it('notices the end', (fixture) =>
    withWorkload(fixture, {does: 'run'}, async (handle) => {
      if (!fixture.lose) return
      await fixture.lose(handle)
      assert.equal((await handle.wait()).by, 'lost')
    }))
  it('recovers the same workload', (fixture) =>
    withWorkload(fixture, {does: 'run'}, async (handle) => {
      const recovered = await fixture.restarted().recover(handle.save(), never)
      assert.ok(recovered)
      assert.deepEqual(recovered.place, handle.place)
      assert.deepEqual(recovered.save(), handle.save())
      recovered.release()
    }))
  it('recovers a workload that is gone as ended', (fixture) =>
    withWorkload(fixture, {does: 'run'}, async (handle) => {
      if (!fixture.lose) return
      await fixture.lose(handle)
      const recovered = await fixture.restarted().recover(handle.save(), never)
      assert.equal((await recovered?.wait())?.by, 'lost')
      recovered?.release()
    }))
  it('destroys twice without touching it', (fixture) =>
    withWorkload(fixture, {does: 'run'}, async (handle) => {
      await handle.destroy()
      await handle.destroy()
      assert.equal(await fixture.runs(handle), true)
    }))
}
