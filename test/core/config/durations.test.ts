import assert from 'node:assert/strict'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {describe, it} from 'mocha'
import {isHarnessError} from '../../../src/core/base/errors.js'
import {loadStack} from '../../../src/core/config/load-stack.js'

const impossible = ['25d', '-1s', '1e309', '-0.5', '.inf', '2147484', '9'.repeat(400)]
const places: readonly ((value: string) => string)[] = [
  (value) => `shutdown_timeout: ${value}`,
  (value) => `startup_timeout: ${value}`,
  (value) => `min_uptime: ${value}`,
  (value) => `restart: {policy: always, delay: ${value}}`,
  (value) => `restart: {policy: always, max_delay: ${value}}`,
  (value) => `restart: {policy: always, window: ${value}}`,
  (value) => `restart: {policy: always, reset_after: ${value}}`,
  (value) => `health_check: {tcp: 1, interval: ${value}}`,
  (value) => `health_check: {tcp: 1, timeout: ${value}}`,
  (value) => `health_check: {tcp: 1, start_period: ${value}}`,
]

describe('durations that no timer can hold (P10)', () => {
  it('are refused with their place, wherever they stand', async () => {
    const cwd = await mkdtemp(path.join(tmpdir(), 'harness-durations-'))
    const file = path.join(cwd, 'harness.yaml')
    try {
      for (const place of places) {
        for (const value of impossible) {
          await writeFile(file, `services:\n  a: {type: process, binary: a, ${place(value)}}\n`)
          const loaded = loadStack({cwd, env: {}}).then(() => assert.fail(place(value)))
          await assert.rejects(loaded, (error) => {
            assert.ok(isHarnessError(error) && error.code === 'CONFIG_INVALID', place(value))
            assert.match(JSON.stringify(error.details), /"line":2/)
            return true
          })
        }
      }
    } finally {
      await rm(cwd, {recursive: true})
    }
  })
})
