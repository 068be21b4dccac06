import assert from 'node:assert/strict'
import {mkdir, mkdtemp, rm, utimes, writeFile} from 'node:fs/promises'
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
    const found = await installedPlugins(folder, {})
    assert.deepEqual(
      found.map(({build: _build, ...plugin}) => plugin),
      [
        {name: 'one', version: '1.0.0', kind: 'user'},
        {name: 'two', version: '2.0.0', kind: 'user'},
        {name: 'three', version: '4.0.0', kind: 'link'},
      ],
    )
    assert.deepEqual(await installedPlugins(folder, {HARNESS_NO_USER_PLUGINS: '1'}), [])
  })

  it('tell of a linked one that was built anew, in whatever file beside its hook, and of nothing else', async () => {
    const linked = path.join(folder, 'elsewhere')
    await writePackage(folder, {oclif: {plugins: [{name: 'three', type: 'link', root: linked}]}})
    await writePackage(linked, {version: '4.0.0', oclif: {hooks: {'harness:register': ['./dist/register.js']}}})
    await mkdir(path.join(linked, 'dist', 'actions'), {recursive: true})
    await writeFile(path.join(linked, 'dist', 'register.js'), '1')
    const build = async (): Promise<string | undefined> => (await installedPlugins(folder, {}))[0]?.build
    const first = await build()
    await writeFile(path.join(linked, 'README.md'), 'new')
    await writeFile(path.join(linked, 'dist', 'notes.txt'), 'new')
    assert.equal(await build(), first)
    await writeFile(path.join(linked, 'dist', 'actions', 'find.js'), '2')
    const second = await build()
    assert.notEqual(second, first)
    await utimes(path.join(linked, 'dist', 'register.js'), 1, 1)
    assert.notEqual(await build(), second)
    await rm(path.join(linked, 'dist'), {recursive: true})
    assert.equal(typeof (await build()), 'string')
  })

  it('finds none where nothing was ever installed, or the list is broken', async () => {
    assert.deepEqual(await installedPlugins(folder, {}), [])
    await writeFile(path.join(folder, 'package.json'), '{')
    assert.deepEqual(await installedPlugins(folder, {}), [])
  })
})
