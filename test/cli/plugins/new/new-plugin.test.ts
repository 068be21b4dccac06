import assert from 'node:assert/strict'
import {access, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, it} from 'mocha'
import {newPlugin} from '../../../../src/cli/plugins/new/new-plugin.js'
import type {PluginTemplate} from '../../../../src/cli/plugins/new/plugin-kinds.js'
import {openTerminal, type Terminal} from '../../../../src/cli/terminal.js'
import {root} from '../../../support/harness.js'

describe('newPlugin', () => {
  let directory: string
  let said: string[]
  let terminal: Terminal
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'harness-new-'))
    said = []
    terminal = {
      ...openTerminal({json: false, quiet: false, verbose: false, colour: false}),
      out: (line) => said.push(line),
      note: (line) => said.push(line),
    }
  })
  afterEach(() => rm(directory, {recursive: true, force: true}))

  const make = (name: string, kind: PluginTemplate = 'layer'): Promise<number> =>
    newPlugin(terminal, {root, name, kind}, directory)

  it('writes a folder, and says what to type next', async () => {
    assert.equal(await make('nice'), 0)
    assert.deepEqual(await readdir(directory), ['nice'])
    assert.match(await readFile(path.join(directory, 'nice/package.json'), 'utf8'), /"harness-plugin-nice"/)
    assert.match(said.join('\n'), /cd nice && npm install && npm test\n {2}harness plugins link \./)
    await mkdir(path.join(directory, 'usual'))
    const [made, usual] = await Promise.all(['nice', 'usual'].map((name) => stat(path.join(directory, name))))
    assert.equal(made?.mode, usual?.mode)
  })

  it('answers as data with --json', async () => {
    const answers: unknown[] = []
    terminal = {...terminal, json: true, data: (value) => answers.push(value)}
    await make('nice')
    const [answer] = answers as {name: string; kind: string; package: string; folder: string; files: string[]}[]
    assert.ok(answer)
    const {files, ...rest} = answer
    const folder = path.join(directory, 'nice')
    assert.deepEqual(rest, {name: 'nice', kind: 'layer', package: 'harness-plugin-nice', folder})
    for (const file of files) await access(file)
    assert.deepEqual(said, [])
  })

  it('takes an empty folder', async () => {
    await mkdir(path.join(directory, 'nice'))
    assert.equal(await make('nice'), 0)
  })

  it('leaves a folder alone that has something in it, and a file, and a link', async () => {
    await mkdir(path.join(directory, 'full'))
    await writeFile(path.join(directory, 'full', 'mine'), '')
    await writeFile(path.join(directory, 'file'), 'mine')
    await symlink('nowhere', path.join(directory, 'link'))
    for (const name of ['full', 'file', 'link']) {
      await assert.rejects(make(name), {code: 'USAGE', message: /is there already/})
    }
    assert.deepEqual((await readdir(directory)).sort(), ['file', 'full', 'link'])
    assert.deepEqual(await readdir(path.join(directory, 'full')), ['mine'])
  })

  it('leaves nothing where it cannot write', async () => {
    const nowhere = path.join(directory, 'file')
    await writeFile(nowhere, '')
    await assert.rejects(newPlugin(terminal, {root, name: 'nice', kind: 'layer'}, nowhere), {code: 'USAGE'})
    assert.deepEqual(await readdir(directory), ['file'])
  })

  it('refuses what is no name, and says what may be meant', async () => {
    for (const [name, hint] of [
      ['My Plugin', /Did you mean 'my-plugin'\?/],
      ['../up', /Did you mean 'up'\?/],
      ['a/b', /Did you mean 'a-b'\?/],
      ['', /Choose a name/],
      ['..', /Choose a name/],
    ] as const) {
      await assert.rejects(make(name), (error: {code: string; hint: string}) => {
        assert.equal(error.code, 'USAGE')
        assert.match(error.hint, hint)
        return true
      })
    }
    assert.deepEqual(await readdir(directory), [])
  })

  it('refuses a name that leaves no room for the names made of it', async () => {
    const long = 'n'.repeat(60)
    assert.equal(await make(long), 0)
    await assert.rejects(make(long, 'domain'), {code: 'USAGE', message: /at most 58/})
  })
})
