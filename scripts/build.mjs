// Builds harness and its own plugins: types by TypeScript, and what runs by esbuild, in few files, because Node takes a while for each; then oclif's
// list of the commands, without which each of them would be loaded to find one. With --watch what runs is built again whenever a source changes.
import {readdir, rm} from 'node:fs/promises'
import path from 'node:path'
import {build, context} from 'esbuild'
import {root, run} from './run.mjs'

/** `entries`: what is imported, or started, by its path. */
const packages = [
  {
    folder: '.',
    entries: [
      'index.ts',
      'testing.ts',
      'cli/run-cli.ts',
      'core/config/thread/reader.ts',
      'hooks/*.ts',
      'commands/**/*.ts',
    ],
  },
  {folder: 'plugins/docker', entries: ['register.ts', 'commands/**/*.ts']},
  {folder: 'plugins/ssh', entries: ['register.ts', 'commands/**/*.ts']},
  {folder: 'plugins/mcp', entries: ['commands/**/*.ts']},
  {folder: 'plugins/graph', entries: ['register.ts', 'commands/**/*.ts', 'launch/*.ts']},
]

const settings = {
  outdir: 'dist',
  outbase: 'src',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  chunkNames: 'chunks/[name]-[hash]',
  metafile: true,
  logLevel: 'warning',
}

const isWatching = process.argv.includes('--watch')
if (!isWatching)
  await must('tsc', ['-b', 'tsconfig.build.json', 'plugins/docker', 'plugins/graph', 'plugins/mcp', 'plugins/ssh'])
for (const {folder, entries} of packages) {
  const home = path.join(root, folder)
  const options = {...settings, absWorkingDir: home, entryPoints: entries.map((entry) => `src/${entry}`)}
  if (isWatching) {
    // Without the list the commands are found as they are.
    await rm(path.join(home, 'oclif.manifest.json'), {force: true})
    await (await context(options)).watch()
  } else await removeOthers(home, (await build(options)).metafile)
}

if (!isWatching)
  await Promise.all(packages.map(({folder}) => must('oclif', ['manifest'], {cwd: path.join(root, folder)})))

async function must(command, args, options) {
  const {ok, output} = await run(command, args, options)
  if (ok) return
  console.error(output)
  process.exit(1)
}

/** What an earlier build has left. */
async function removeOthers(home, {outputs}) {
  const built = new Set(Object.keys(outputs).map((file) => path.normalize(file)))
  const files = await readdir(path.join(home, 'dist'), {recursive: true})
  const left = files.filter((file) => file.endsWith('.js') && !built.has(path.join('dist', file)))
  await Promise.all(left.map((file) => rm(path.join(home, 'dist', file))))
}
