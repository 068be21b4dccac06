import assert from 'node:assert/strict'
import {after, before} from 'mocha'
import {needs} from '../../support/needs.js'
import {hasDocker, TestEngine} from './engine.js'

/** An engine for the tests of a `describe`, with the image `busybox:local`. Skips them where there cannot be one. */
export function withEngine(): () => TestEngine {
  let engine: TestEngine | undefined
  before(async function () {
    this.timeout(60_000)
    needs(this, hasDocker(), 'dockerd, docker and busybox-static, as root')
    engine = await TestEngine.start()
    await engine.importBusybox()
  })
  after(async function () {
    this.timeout(60_000)
    await engine?.stop()
  })
  return () => {
    assert.ok(engine, 'the engine has not started')
    return engine
  }
}
