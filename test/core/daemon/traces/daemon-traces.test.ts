import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {systemClock} from '../../../../src/core/base/clock.js'
import {DaemonTraces} from '../../../../src/core/daemon/traces/daemon-traces.js'
import {troubleLog} from '../../service/workbench.js'

function traces() {
  const {log, troubles} = troubleLog()
  const names = {find: () => undefined, executor: () => undefined, replicas: () => []}
  const options = {version: '1.2.3', instance: 'one', clock: systemClock, log, names, redact: (text: string) => text}
  return {traces: new DaemonTraces(options), troubles}
}

describe('the traces of a daemon', () => {
  it('pass requests on as they are while nobody wants spans', async () => {
    await using it = traces().traces
    await it.open({OTEL_SERVICE_NAME: 'shop'})
    const answer = Symbol('answer')
    const handle = it.around(() => answer)
    assert.equal(handle('service.start', {}, undefined as never), answer)
  })

  it('say in one line why there are none', async () => {
    const {traces: it, troubles} = traces()
    await it.open({OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317'})
    await it[Symbol.asyncDispose]()
    assert.equal(troubles.length, 1)
    assert.match(JSON.stringify(troubles), /no spans are exported/)
  })
})
