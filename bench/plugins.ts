// What plugins of the user cost. `npm run bench:plugins [-- host] [-- start]`
import {execFile} from 'node:child_process'
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {cleanEnvironment, median, time} from './measure.js'
import {pluginHosts} from './plugin-host.js'

const bin = fileURLToPath(new URL('../bin/run.js', import.meta.url))
const counts = [0, 4, 10]
const rounds = 15
const commands: Readonly<Record<string, readonly string[]>> = {
  'harness --version': ['--version'],
  'harness status': ['status'],
}

const chosen = process.argv.slice(2)
const isChosen = (name: string): boolean => chosen.length === 0 || chosen.includes(name)
if (isChosen('host')) console.table(await pluginHosts())
if (isChosen('start')) console.table(await startUp())

/** Processor time of the whole command, the median, as the multiple of that of `node -e 0`; all in each round, one after the other. */
async function startUp(): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> {
  const base = await mkdtemp(path.join(tmpdir(), 'harness-plugins-'))
  try {
    for (const count of counts) await install(path.join(base, String(count)), count)
    const env = (count: number) => ({
      HARNESS_DATA_DIR: path.join(base, String(count)),
      HARNESS_STATE_DIR: path.join(base, 'state'),
    })
    await time({program: process.execPath, args: [bin, 'daemon', 'start'], env: env(0)})
    const took = new Map<string, number[]>()
    const run = async (name: string, args: readonly string[], given = {}): Promise<void> => {
      const ms = await processorTime([process.execPath, ...args], given)
      took.set(name, [...(took.get(name) ?? []), ms])
    }
    const all = Object.entries(commands).flatMap(([name, args]) => counts.map((count) => ({name, args, count})))
    for (let round = -1; round < rounds; round++) {
      if (round === 0) took.clear()
      await run('node', ['-e', '0'])
      for (const {name, args, count} of all) await run(`${name} ${count}`, [bin, ...args], env(count))
    }
    await time({program: process.execPath, args: [bin, 'daemon', 'stop'], env: env(0)})
    const of = (name: string): number => median(took.get(name) ?? [])
    const cell = (name: string, count: number): string => `${(of(`${name} ${count}`) / of('node')).toFixed(2)} × node`
    return Object.fromEntries(
      Object.keys(commands).map((name) => [
        name,
        Object.fromEntries(counts.map((count) => [`${count} plugins`, cell(name, count)])),
      ]),
    )
  } finally {
    await rm(base, {recursive: true, force: true, maxRetries: 5})
  }
}

/** User and system, in milliseconds: other work on the machine changes it far less than the time of the clock. */
async function processorTime(command: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const script = '"$@" >/dev/null || exit 1; times'
  const {stdout} = await promisify(execFile)('bash', ['-c', script, 'bash', ...command], {
    env: {...cleanEnvironment(), ...env, LC_ALL: 'C'},
  })
  const [, ofChildren = ''] = stdout.trimEnd().split('\n')
  const parts = [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)]
  return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000, 0)
}

/** Plugins as npm installs them, each with a hook, two commands and a manifest. Their modules end the process: no command here may load one. */
async function install(data: string, count: number): Promise<void> {
  await mkdir(data, {recursive: true, mode: 0o700})
  const plugins = []
  for (let index = 0; index < count; index++) {
    const name = `harness-plugin-bench-${index}`
    const folder = path.join(data, 'node_modules', name)
    await mkdir(path.join(folder, 'dist/commands'), {recursive: true})
    const oclif = {commands: './dist/commands', hooks: {'harness:register': './dist/register.js'}}
    const about = {name, version: '1.0.0', type: 'module', harness: {api: '^1.0'}, files: ['dist'], oclif}
    await writeFile(path.join(folder, 'package.json'), JSON.stringify(about))
    await writeFile(path.join(folder, 'dist/register.js'), 'process.exit(9)\n')
    const ids = [`bench-${index}-one`, `bench-${index}-two`]
    for (const id of ids) await writeFile(path.join(folder, 'dist/commands', `${id}.js`), 'process.exit(9)\n')
    const command = (id: string) => ({
      ...{id, summary: 'A command.', aliases: [], hiddenAliases: [], args: {}, flags: {}, strict: true},
      ...{pluginName: name, pluginAlias: name, pluginType: 'user', isESM: true, hasDynamicHelp: false},
      relativePath: ['dist', 'commands', `${id}.js`],
    })
    const manifest = {version: '1.0.0', commands: Object.fromEntries(ids.map((id) => [id, command(id)]))}
    await writeFile(path.join(folder, 'oclif.manifest.json'), JSON.stringify(manifest))
    plugins.push({name, type: 'user', tag: 'latest'})
  }
  const dependencies = Object.fromEntries(plugins.map(({name}) => [name, '1.0.0']))
  const content = {name: 'harness', private: true, dependencies, oclif: {schema: 1, plugins}}
  await writeFile(path.join(data, 'package.json'), JSON.stringify(content))
}
