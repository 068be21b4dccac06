import assert from 'node:assert/strict'
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, it} from 'mocha'
import {installedPlugins} from '../../../src/cli/plugins/installed-plugins.js'

describe('installedPlugins', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'harness-plugins-'))
  })
  afterEach(() => rm(folder, {recursive: true, force: true}))

  const writePackage = async (at: string, content: object): Promise<void> => {
    await mkdir(at, {recursive: true})
    await writeFile(path.join(at, 'package.json'), JSON.stringify(content))
  }
  const hooks = {hooks: {'harness:register': './register.js'}}

  it('reads installed and linked ones that bring something to harness', async () => {
    const linked = path.join(folder, 'elsewhere')
    await writePackage(folder, {
      oclif: {
        plugins: [
          {name: 'one', type: 'user', tag: 'latest'},
          'two',
          {name: 'three', type: 'link', root: linked},
          {name: 'only-commands', type: 'user'},
          {name: 'half-gone', type: 'user'},
          7,
        ],
      },
    })
    const home = (name: string): string => path.join(folder, 'node_modules', name)
    await writePackage(home('one'), {version: '1.0.0', oclif: hooks})
    await writePackage(home('two'), {version: '2.0.0', oclif: hooks})
    await writePackage(home('only-commands'), {version: '3.0.0', oclif: {}})
    await writePackage(linked, {version: '4.0.0', oclif: hooks})
    assert.deepEqual(await installedPlugins(folder, {}), [
      {name: 'one', version: '1.0.0', kind: 'user'},
      {name: 'two', version: '2.0.0', kind: 'user'},
      {name: 'three', version: '4.0.0', kind: 'link'},
    ])
    assert.deepEqual(await installedPlugins(folder, {HARNESS_NO_USER_PLUGINS: '1'}), [])
  })

  it('finds none where nothing was ever installed, or the list is broken', async () => {
    assert.deepEqual(await installedPlugins(folder, {}), [])
    await writeFile(path.join(folder, 'package.json'), '{')
    assert.deepEqual(await installedPlugins(folder, {}), [])
  })
})
