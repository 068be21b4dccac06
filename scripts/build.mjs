// Builds harness and its own plugins: types by TypeScript, and what runs by esbuild, in few files, because Node takes a while for each; then oclif's
// list of the commands, without which each of them would be loaded to find one. With --watch what runs is built again whenever a source changes.
import {readdir, readFile, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {build, context} from 'esbuild'
import {root, run} from './run.mjs'

/**
 * `entries`: what is imported, or started, by its path. `bundled`: packages of others that are built in, because they are many small files that every
 * command loads; all other packages stay outside.
 */
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
    bundled: ['@oclif/core', '@peculiar/x509', 'ajv', 'reflect-metadata', 'ws'],
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
  chunkNames: 'chunks/[name]-[hash]',
  metafile: true,
  logLevel: 'warning',
}

/** What the modules of others that are built in expect of Node. */
const commonJs = [
  "import {createRequire as harnessRequire} from 'node:module'",
  "import {fileURLToPath as harnessPath} from 'node:url'",
  'const require = harnessRequire(import.meta.url)',
  'const __filename = harnessPath(import.meta.url)',
  "const __dirname = harnessPath(new URL('.', import.meta.url))",
].join(';')

/** Whoever needs them looks for them, and goes without. */
const optional = new Set(['bufferutil', 'ts-node', 'tsx', 'typescript', 'utf-8-validate'])

const isWatching = process.argv.includes('--watch')
if (!isWatching)
  await must('tsc', ['-b', 'tsconfig.build.json', 'plugins/docker', 'plugins/graph', 'plugins/mcp', 'plugins/ssh'])
for (const {folder, entries, bundled = []} of packages) {
  const home = path.join(root, folder)
  const options = {
    ...settings,
    absWorkingDir: home,
    entryPoints: entries.map((entry) => `src/${entry}`),
    plugins: [outside(bundled)],
    ...(bundled.length > 0 && {banner: {js: commonJs}}),
  }
  if (isWatching) {
    // Without the list the commands are found as they are.
    await rm(path.join(home, 'oclif.manifest.json'), {force: true})
    await (await context(options)).watch()
  } else {
    const {metafile} = await build(options)
    await removeOthers(home, metafile)
    if (bundled.length > 0) await writeFile(path.join(home, 'dist', 'LICENSES.txt'), await licensesOf(metafile))
  }
}

if (!isWatching)
  await Promise.all(packages.map(({folder}) => must('oclif', ['manifest'], {cwd: path.join(root, folder)})))

async function must(command, args, options) {
  const {ok, output} = await run(command, args, options)
  if (ok) return
  console.error(output)
  process.exit(1)
}

/** Leaves packages outside, but those that are to be built in with all that they need. */
function outside(bundled) {
  const isBundled = (name) => bundled.some((each) => name === each || name.startsWith(`${each}/`))
  return {
    name: 'outside',
    setup(builder) {
      builder.onResolve({filter: /^[^./]/}, ({path: name, importer, kind}) => {
        if (kind === 'entry-point') return undefined
        const isOurs = !importer.includes(`${path.sep}node_modules${path.sep}`)
        return (isOurs ? isBundled(name) : !optional.has(name)) ? undefined : {path: name, external: true}
      })
    },
  }
}

/** What others are built in by licences that are to go with them. */
async function licensesOf({inputs}) {
  const folders = new Set(
    Object.keys(inputs).flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  )
  const texts = await Promise.all(
    [...folders].sort().map(async (folder) => {
      const home = path.join(root, folder)
      const {name, version, license} = JSON.parse(await readFile(path.join(home, 'package.json'), 'utf8'))
      const file = (await readdir(home)).find((each) => /^licen[cs]e/i.test(each))
      return `${name} ${version} (${license})\n\n${file ? await readFile(path.join(home, file), 'utf8') : ''}`
    }),
  )
  return `Packages of others that are built into these files, and their licences.\n\n${texts.join('\n\n')}`
}

/** What an earlier build has left. */
async function removeOthers(home, {outputs}) {
  const built = new Set(Object.keys(outputs).map((file) => path.normalize(file)))
  const files = await readdir(path.join(home, 'dist'), {recursive: true})
  const left = files.filter((file) => file.endsWith('.js') && !built.has(path.join('dist', file)))
  await Promise.all(left.map((file) => rm(path.join(home, 'dist', file))))
}
