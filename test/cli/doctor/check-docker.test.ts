import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {checkDocker} from '../../../src/cli/doctor/check-docker.js'
import type {Catalogue} from '../../../src/core/contract/catalogue.js'
import type {Fingerprint} from '../../../src/core/contract/executor.js'

function saying(fingerprint: () => Promise<Fingerprint>): Catalogue {
  return {executor: () => ({fingerprint})} as unknown as Catalogue
}

describe('what harness doctor says of the container engine', () => {
  it('is where it is and what it is', async () => {
    const attributes = {from: "docker context 'far'"}
    const description = 'Docker 28.0.0 at ssh://far'
    const found = await checkDocker(saying(() => Promise.resolve({health: 'healthy', description, attributes})))
    assert.deepEqual(
      found.map(({status, message}) => [status, message]),
      [['ok', "Docker 28.0.0 at ssh://far (from docker context 'far')"]],
    )
  })

  it('is why it cannot be used, and what to type', async () => {
    const attributes = {hint: 'Start it.'}
    const found = await checkDocker(
      saying(() => Promise.resolve({health: 'undetected', description: 'None.', attributes})),
    )
    assert.deepEqual(found, [{status: 'warning', message: 'None.', fix: 'Start it.', code: null}])
  })

  it('is how to get the plugin where there is none', async () => {
    const none = {executor: () => undefined} as unknown as Catalogue
    const [found] = await checkDocker(none)
    assert.deepEqual([found?.status, found?.fix], ['warning', 'harness plugins install docker'])
  })

  it('is nothing where no plugins could be loaded, or the plugin fails', async () => {
    assert.equal((await checkDocker(undefined))[0]?.status, 'skipped')
    const [found] = await checkDocker(saying(() => Promise.reject(new Error('boom'))))
    assert.deepEqual([found?.status, found?.message.includes('boom')], ['warning', true])
  })
})
