import assert from 'node:assert/strict'
import path from 'node:path'
import {describe, it} from 'mocha'
import {pluginFiles} from '../../../../src/cli/plugins/new/plugin-files.js'
import {pluginKinds, type PluginTemplate} from '../../../../src/cli/plugins/new/plugin-kinds.js'
import {root} from '../../../support/harness.js'

const kinds = Object.keys(pluginKinds) as PluginTemplate[]
const shared = [
  ...['.github/workflows/ci.yml', '.gitignore', '.mocharc.json', 'README.md', 'eslint.config.js', 'package.json'],
  ...['src/register.ts', 'tsconfig.build.json', 'tsconfig.json'],
]
const store = [
  ...['harness.yaml', 'server/store.mjs', 'src/actions/import.ts', 'src/actions/list.ts', 'src/actions/put.ts'],
  ...['src/config.ts', 'src/event.ts', 'src/service-type.ts', 'src/setup.ts', 'src/store-of.ts', 'src/store.ts'],
  ...['test/event.test.ts', 'test/service-type.test.ts'],
]
const own: Readonly<Record<PluginTemplate, readonly string[]>> = {
  executor: [
    ...['harness.yaml', 'src/abortable.ts', 'src/executor.ts', 'src/fingerprint.ts', 'src/handle.ts', 'src/output.ts'],
    ...['src/spec.ts', 'src/state.ts', 'src/strays.ts', 'test/contract.test.ts', 'test/stack.test.ts'],
  ],
  service: store,
  task: [
    ...['harness.yaml', 'src/event.ts', 'src/input.ts', 'src/output.ts', 'src/task-type.ts'],
    ...['test/event.test.ts', 'test/task-type.test.ts'],
  ],
  layer: ['src/layer.ts', 'src/spec.ts', 'test/layer.test.ts'],
  domain: [
    ...store,
    ...['src/commands/red-is/keys.ts', 'src/seed-task.ts', 'test/keys.test.ts', 'test/seed-task.test.ts'],
  ],
}

interface Package {
  readonly name: string
  readonly harness: object
  readonly oclif: {readonly hooks: object; readonly commands?: string}
  readonly dependencies?: object
  readonly devDependencies: Readonly<Record<string, string>>
  readonly peerDependenciesMeta: object
}

describe('the files of a new plugin', () => {
  for (const kind of kinds) {
    const make = async (name = 'red-is'): Promise<ReadonlyMap<string, string>> =>
      new Map((await pluginFiles({root, name, kind})).map((file) => [file.path, file.text]))

    it(`${kind}: are all there`, async () => {
      assert.deepEqual([...(await make()).keys()], [...shared, ...own[kind]].sort())
    })

    it(`${kind}: have its name wherever the templates have theirs`, async () => {
      for (const [file, text] of await make('ab')) {
        assert.doesNotMatch(`${file}\n${text}`, /my-plugin|path-of-host/, file)
      }
    })

    it(`${kind}: are JSON where they say so, and a package that the host takes`, async () => {
      const files = await make()
      for (const [file, text] of files) if (file.endsWith('.json')) JSON.parse(text)
      const found = JSON.parse(files.get('package.json') ?? '') as Package
      assert.equal(found.name, 'harness-plugin-red-is')
      assert.deepEqual(found.harness, {api: '^1.0'})
      assert.deepEqual(found.oclif.hooks, {'harness:register': './dist/register.js'})
      assert.equal(found.devDependencies['@service-harness/cli'], `file:${root}`)
      assert.deepEqual(found.peerDependenciesMeta, {'@service-harness/cli': {optional: true}})
    })

    it(`${kind}: import only types of the host, but for tests`, async () => {
      for (const [file, text] of await make()) {
        if (!file.startsWith('src/')) continue
        for (const [line] of text.matchAll(/^import .*|^\} from .*/gm)) {
          if (line.includes('@service-harness')) assert.match(line, /'@service-harness\/cli\/plugin'$/, file)
        }
        assert.doesNotMatch(text, /^import \{[^}]*\} from '@service-harness/m, file)
      }
    })
  }

  it('bring commands with a domain only', async () => {
    for (const kind of kinds) {
      const files = await pluginFiles({root, name: 'red-is', kind})
      const text = files.find((file) => file.path === 'package.json')?.text ?? ''
      const {oclif, dependencies} = JSON.parse(text) as Package
      assert.deepEqual(
        [oclif.commands, dependencies !== undefined],
        kind === 'domain' ? ['./dist/commands', true] : [undefined, false],
      )
    }
  })

  it('name a folder of the host that has signs of its own', async () => {
    const {symlink, mkdtemp, rm} = await import('node:fs/promises')
    const {tmpdir} = await import('node:os')
    const folder = await mkdtemp(path.join(tmpdir(), 'harness-host-'))
    try {
      const odd = path.join(folder, '$& "host"')
      await symlink(root, odd)
      const files = await pluginFiles({root: odd, name: 'red-is', kind: 'layer'})
      const {devDependencies} = JSON.parse(files.find((file) => file.path === 'package.json')?.text ?? '') as Package
      assert.equal(devDependencies['@service-harness/cli'], `file:${odd}`)
    } finally {
      await rm(folder, {recursive: true})
    }
  })
})
