import assert from 'node:assert/strict'
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {Config} from '@oclif/core'
import {afterEach, beforeEach, describe, it} from 'mocha'

import {pluginSources} from '../../src/cli/plugin-sources.js'

const fixtures = fileURLToPath(new URL('../fixtures/plugins/', import.meta.url))

type Plugins = Parameters<typeof pluginSources>[0]['plugins']
type Plugin = Plugins extends ReadonlyMap<string, infer One> ? One : never

function plugin(changes: Partial<Plugin> & {hook?: unknown; harness?: unknown}): Plugin {
  const {hook = './register.js', harness = {api: '^1.0'}, ...rest} = changes
  const about = {name: 'a', version: '1.0.0', type: 'user', root: path.join(fixtures, 'good'), ...rest}
  const hooks = hook === null ? {} : {'harness:register': hook as string}
  return {...about, pjson: {name: about.name, version: about.version, oclif: {hooks}, harness}}
}

function configOf(...plugins: readonly Plugin[]): {readonly plugins: Plugins} {
  return {plugins: new Map(plugins.map((one, index) => [`${index}`, one]))}
}

describe('plugin sources', () => {
  it('come from what oclif has loaded', async () => {
    const config = await Config.load({root: path.join(fixtures, 'good'), devPlugins: false, userPlugins: false})
    const [source, ...others] = pluginSources(config, {})
    assert.deepEqual(others, [])
    assert.deepEqual(
      [source?.name, source?.version, source?.kind, source?.api],
      ['harness-plugin-good', '1.2.3', 'core', '^1.0'],
    )
    const module = (await source?.load()) as {default: () => Promise<{name: string}>}
    assert.equal((await module.default()).name, 'good')
  })

  it('leave out plugins without the hook', () => {
    assert.deepEqual(pluginSources(configOf(plugin({hook: null})), {}), [])
  })

  it('tell kinds apart', () => {
    const config = configOf(...['core', 'user', 'link', 'dev'].map((type) => plugin({type})))
    assert.deepEqual(
      pluginSources(config, {}).map(({kind}) => kind),
      ['core', 'user', 'link', 'core'],
    )
  })

  it('are only those of harness itself with HARNESS_NO_USER_PLUGINS=1', () => {
    const config = configOf(plugin({type: 'core', name: 'own'}), plugin({type: 'user'}), plugin({type: 'link'}))
    const names = (value: string): string[] =>
      pluginSources(config, {HARNESS_NO_USER_PLUGINS: value}).map(({name}) => name)
    assert.deepEqual(names('1'), ['own'])
    assert.deepEqual(names(''), ['own', 'a', 'a'])
  })

  it('pass the API range on as it stands in package.json', () => {
    const ranges = [{api: '^1.0'}, {api: 1}, {}, 'x', null].map(
      (harness) => pluginSources(configOf(plugin({harness})), {})[0]?.api,
    )
    assert.deepEqual(ranges, ['^1.0', '1', undefined, undefined, undefined])
  })

  it('load nothing before they are asked to', async () => {
    const [source] = pluginSources(configOf(plugin({root: path.join(fixtures, 'throws-in-load')})), {})
    await assert.rejects(async () => source?.load(), {message: 'the native part is missing'})
  })

  describe('hooks', () => {
    let root = ''
    beforeEach(async () => {
      root = await mkdtemp(path.join(tmpdir(), 'harness test #'))
      await mkdir(path.join(root, 'dist'))
      await writeFile(path.join(root, 'package.json'), '{"type": "module"}')
      await writeFile(path.join(root, 'dist', 'register.js'), 'export default () => 1; export const other = () => 2')
    })
    afterEach(async () => {
      await rm(root, {recursive: true})
    })

    const spellings: readonly [name: string, hook: unknown, answers: readonly number[]][] = [
      ['a path', './dist/register.js', [1]],
      ['a path without extension', './dist/register', [1]],
      ['a list of paths', ['./dist/register.js', './dist/register'], [1, 1]],
      ['a path with the name of an export', {target: './dist/register.js', identifier: 'other'}, [2]],
    ]
    for (const [name, hook, answers] of spellings) {
      it(`may be ${name}`, async () => {
        const sources = pluginSources(configOf(plugin({root, hook})), {})
        const modules = await Promise.all(
          sources.map(async (source) => (await source.load()) as {default: () => number}),
        )
        assert.deepEqual(
          modules.map((module) => module.default()),
          answers,
        )
      })
    }
  })
})
