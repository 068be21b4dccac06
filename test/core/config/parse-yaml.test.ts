import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {inspectStack} from '../../../src/core/config/inspect-stack.js'
import {problemsOf, temporaryFolder} from './load.js'

describe('a YAML text', () => {
  it('of more parts than people write is refused with the line where they become too many', async () => {
    const [problem, ...others] = await problemsOf(`x-a:\n${'- ~\n'.repeat(200_000)}`)
    assert.match(problem?.message ?? '', /more than 500000 names, values and signs/)
    assert.ok((problem?.line ?? 0) > 100_000)
    assert.deepEqual(others, [])
  })

  it('that is not known is quoted in part', async () => {
    const [problem] = await problemsOf('!'.repeat(100_000))
    assert.ok((problem?.message.length ?? 0) < 220)
  })

  it('has aliases that mean the last anchor before them', async () => {
    const text = 'x-a: &a {A: one}\nx-b: *a\nx-c: &a {A: two}\nservices: {api: {type: process, binary: node, env: *a}}'
    using folder = temporaryFolder({'harness.yaml': text})
    const {definition} = await inspectStack({cwd: folder.path, env: {}})
    assert.deepEqual(definition?.services['api']?.env, {A: 'two'})
  })

  it('that is not UTF-8 is refused with the line', async () => {
    using folder = temporaryFolder({})
    writeFileSync(path.join(folder.path, 'harness.yaml'), Buffer.concat([Buffer.from('a: 1\nb: "'), Buffer.of(0xff)]))
    const {problems} = await inspectStack({cwd: folder.path, env: {}})
    assert.deepEqual([problems[0]?.line, problems[0]?.message], [2, 'The file is not UTF-8 text.'])
  })
})
