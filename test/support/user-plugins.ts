import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {root, type Sandbox} from './harness.js'

/** Makes plugins of test/fixtures/plugins those of the user in a sandbox, as `harness plugins link` would. Answers with their packages' names. */
export async function useFixturePlugins(sandbox: Sandbox, names: readonly string[]): Promise<readonly string[]> {
  const data = path.join(path.dirname(sandbox.state), 'data')
  await mkdir(data, {mode: 0o700})
  const plugins = names.map((name) => ({
    name: `harness-plugin-${name}`,
    type: 'link',
    root: path.join(root, 'test/fixtures/plugins', name),
  }))
  const content = {name: 'harness', private: true, dependencies: {}, oclif: {schema: 1, plugins}}
  await writeFile(path.join(data, 'package.json'), JSON.stringify(content))
  sandbox.variables = {...sandbox.variables, HARNESS_DATA_DIR: data, HARNESS_NO_USER_PLUGINS: ''}
  return plugins.map(({name}) => name)
}
