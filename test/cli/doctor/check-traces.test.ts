import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {checkTraces} from '../../../src/cli/doctor/check-traces.js'

/** No package. */
const absent: string = '@opentelemetry/no-such-package'
const env = {OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318'}

describe('a look at how spans are exported', () => {
  it('says nothing when nobody wants spans', async () => {
    assert.deepEqual(await checkTraces({}), [])
  })

  it('says where they go', async () => {
    const [verdict] = await checkTraces(env)
    assert.deepEqual(
      [verdict?.status, verdict?.message],
      ['ok', 'a daemon started from here exports spans to http://localhost:4318 (http/protobuf)'],
    )
  })

  it('says what to set, or to install, where they cannot go', async () => {
    const [grpc] = await checkTraces({...env, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc'})
    assert.deepEqual(
      [grpc?.status, grpc?.message],
      ['warning', 'no spans are exported: OTEL_EXPORTER_OTLP_PROTOCOL is grpc'],
    )
    const [missing] = await checkTraces(env, () => import(absent))
    assert.equal(missing?.message, 'no spans are exported: the packages of OpenTelemetry are not installed')
    assert.match(missing.fix ?? '', /^Run `npm install --global --include=optional @service-harness\/cli`/)
  })
})
