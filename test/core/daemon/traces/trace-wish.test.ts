import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {createRedactor} from '../../../../src/core/base/redactor.js'
import {readTraceWish, traceSecrets, withoutTraceSecrets} from '../../../../src/core/daemon/traces/trace-wish.js'

const address = {OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318/in?key=hidden'}
const on = {kind: 'on', protocol: 'http/protobuf', collector: 'http://localhost:4318'}

describe('whether spans are wanted', () => {
  it('is up to an address, that for spans first; an empty one is none', () => {
    assert.deepEqual(readTraceWish({}), {kind: 'off'})
    assert.deepEqual(readTraceWish({OTEL_EXPORTER_OTLP_ENDPOINT: ' '}), {kind: 'off'})
    assert.deepEqual(readTraceWish({OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://m:1'}), {kind: 'off'})
    assert.deepEqual(readTraceWish(address), on)
    assert.deepEqual(readTraceWish({...address, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://spans.example/v2'}), {
      ...on,
      collector: 'https://spans.example',
    })
  })

  it('is taken back by the variables that say so', () => {
    for (const [name, value] of [
      ['OTEL_SDK_DISABLED', 'true'],
      ['OTEL_SDK_DISABLED', 'TRUE'],
      ['OTEL_TRACES_EXPORTER', 'none'],
    ] as const)
      assert.deepEqual(readTraceWish({...address, [name]: value}), {kind: 'off'}, `${name}=${value}`)
    for (const [name, value] of [
      ['OTEL_SDK_DISABLED', 'false'],
      ['OTEL_TRACES_EXPORTER', 'otlp'],
      ['OTEL_TRACES_EXPORTER', 'console, otlp'],
      ['OTEL_TRACES_EXPORTER', ''],
    ] as const)
      assert.deepEqual(readTraceWish({...address, [name]: value}), on, `${name}=${value}`)
  })

  it('is refused with what to do where it cannot be done, and without the value of an address', () => {
    const grpc = readTraceWish({...address, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc'})
    assert.deepEqual(grpc, {
      kind: 'refused',
      reason: 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL is grpc',
      hint: 'Set OTEL_EXPORTER_OTLP_TRACES_PROTOCOL to http/protobuf or http/json, and the address to where the collector takes that, usually port 4318.',
    })
    assert.deepEqual(readTraceWish({...address, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json'}), {
      ...on,
      protocol: 'http/json',
    })
    assert.deepEqual(readTraceWish({...address, OTEL_TRACES_EXPORTER: 'zipkin'}), {
      kind: 'refused',
      reason: 'OTEL_TRACES_EXPORTER is zipkin',
      hint: 'Set it to otlp, or to none.',
    })
    for (const wrong of ['localhost:4318', 'ftp://localhost', 'secret']) {
      assert.deepEqual(readTraceWish({OTEL_EXPORTER_OTLP_ENDPOINT: wrong}), {
        kind: 'refused',
        reason: 'OTEL_EXPORTER_OTLP_ENDPOINT is no http:// or https:// address',
        hint: 'Write it as in http://localhost:4318.',
      })
    }
  })
})

describe('the secrets of the variables for collectors', () => {
  const env = {
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc%2Bdef, x-tenant=shop',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-api-key=0123456789',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://me:pass%20word@collector.example',
    OTEL_SERVICE_NAME: 'shop',
  }

  it('are masked however they are written, and names are not', () => {
    const redactor = createRedactor()
    redactor.know(traceSecrets(env))
    assert.equal(
      redactor.text(`abc+def abc%2Bdef 0123456789 pass word ${env.OTEL_EXPORTER_OTLP_HEADERS} shop`),
      '*** *** *** *** *** shop',
    )
  })

  it('reach no program that the daemon runs', () => {
    const {OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SERVICE_NAME} = env
    assert.deepEqual(withoutTraceSecrets({...env, PATH: '/bin'}), {
      OTEL_EXPORTER_OTLP_ENDPOINT,
      OTEL_SERVICE_NAME,
      PATH: '/bin',
    })
  })
})
