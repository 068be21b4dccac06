import assert from 'node:assert/strict'
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {after, before, describe, it} from 'mocha'
import {chooseStack, knownStack} from '../../src/cli/choose-stack.js'
import type {StackSummary} from '../../src/core/protocol/methods.js'

const summary = (name: string, file: string): StackSummary => ({stack: `${name}-1`, name, file, running: 0, total: 1})

describe('which stack a command is about', () => {
  let empty = ''
  let project = ''
  let file = ''
  before(async () => {
    const root = await mkdtemp(path.join(tmpdir(), 'harness-choose-'))
    empty = path.join(root, 'empty')
    project = path.join(root, 'project')
    file = path.join(project, 'harness.yaml')
    await Promise.all([mkdir(empty), mkdir(path.join(project, 'src'), {recursive: true})])
    await writeFile(file, 'name: demo\n')
  })
  after(async () => {
    await rm(path.dirname(empty), {recursive: true})
  })
  const choose = (flags: Parameters<typeof chooseStack>[0], cwd: string, stacks: readonly StackSummary[]) =>
    chooseStack(flags, cwd, () => Promise.resolve(stacks))

  it('is the one named by --stack, without asking', async () => {
    assert.deepEqual(await choose({stack: 'demo'}, project, []), {known: true, stack: 'demo'})
  })

  it('is the one of -c FILE, by its absolute path', async () => {
    const choice = await choose({config: ['project/harness.yaml']}, path.dirname(project), [summary('demo', file)])
    assert.deepEqual(choice, {known: true, stack: file})
  })

  it('is the one of the nearest stack file upwards', async () => {
    const choice = await choose({}, path.join(project, 'src'), [summary('other', '/x'), summary('demo', file)])
    assert.deepEqual(choice, {known: true, stack: file})
  })

  it('is unknown when the daemon does not know that file, although it knows another', async () => {
    const choice = await choose({}, project, [summary('other', '/x')])
    assert.deepEqual(choice, {known: false, subject: file, othersRun: false})
    const busy = await choose({}, project, [{...summary('other', '/x'), running: 1}])
    assert.deepEqual(busy, {known: false, subject: file, othersRun: true})
    assert.throws(() => knownStack(choice), {code: 'STACK_UNKNOWN'})
  })

  it('is not one of a file that was named and is neither there nor known; a deleted file of a known stack still names it', async () => {
    const gone = path.join(project, 'gone.yaml')
    await assert.rejects(choose({config: ['gone.yaml']}, project, [summary('other', '/x')]), {
      code: 'CONFIG_NOT_FOUND',
      subject: gone,
      exit: 3,
    })
    assert.deepEqual(await choose({config: ['gone.yaml']}, project, [summary('old', gone)]), {known: true, stack: gone})
  })

  it('is the only one that the daemon knows where no file is', async () => {
    assert.deepEqual(await choose({}, empty, [summary('other', '/x')]), {known: true, stack: 'other-1'})
  })

  it('is the only one of which something runs, when the daemon knows several', async () => {
    const running = {...summary('two', '/2'), running: 1}
    assert.deepEqual(await choose({}, empty, [summary('one', '/1'), running]), {known: true, stack: 'two-1'})
  })

  it('is nobody else: several are an error that lists them, none is unknown', async () => {
    await assert.rejects(choose({}, empty, [summary('one', '/1'), summary('two', '/2')]), (error: Error) => {
      assert.match(error.message, /one, two/)
      return 'code' in error && error.code === 'STACK_AMBIGUOUS'
    })
    const none = await choose({}, empty, [])
    assert.deepEqual(none, {known: false, subject: undefined, othersRun: false})
    assert.throws(() => knownStack(none), {code: 'CONFIG_NOT_FOUND'})
  })
})
