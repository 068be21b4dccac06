// Writes the reference pages from the code: `npm run generate`. With --check it only says which are out of date.
import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {apiPages} from './generate/api.mjs'
import {commandsMarkdown} from './generate/commands.mjs'
import {configMarkdown} from './generate/config.mjs'
import {errorsMarkdown} from './generate/errors.mjs'
import {graphMarkdown} from './generate/graph.mjs'
import {root} from './run.mjs'

const source = (file) => import(new URL(`../src/${file}`, import.meta.url).href)

const api = apiPages(root)
api.catch(() => undefined)

const pages = {
  'docs/errors.md': async () => errorsMarkdown((await source('core/base/error-table.ts')).errorTable),
  'docs/protocol.md': async () => (await source('core/protocol/reference.ts')).protocolMarkdown(),
  'docs/protocol.json': async () => (await source('core/protocol/reference.ts')).protocolJson(),
  'docs/commands.md': () => commandsMarkdown(root),
  'docs/config.md': async () =>
    configMarkdown(root, {
      tables: (await source('core/config/keys/tables.ts')).keyTables,
      definitionOf: (await source('core/config/keys/shapes.ts')).definitionOf,
      types: [
        {name: 'process', schema: (await source('core/executors/process/spec.ts')).processSpecSchema},
        {name: 'process-attach', schema: (await source('core/executors/process-attach/spec.ts')).attachSpecSchema},
        {name: 'systemd', schema: (await source('core/executors/systemd/spec.ts')).systemdSpecSchema},
        {
          name: 'systemd-attach',
          schema: (await source('core/executors/systemd-attach/spec.ts')).attachedUnitSpecSchema,
        },
      ],
      diagnostics: (await source('core/config/diagnostic-table.ts')).diagnosticTable,
    }),
  'docs/graph/reference.md': async () =>
    graphMarkdown((await import(new URL('../plugins/graph/src/register.ts', import.meta.url).href)).default),
  'docs/api/plugin.md': async () => (await api)['plugin.md'],
  'docs/api/testing.md': async () => (await api)['testing.md'],
}

const check = process.argv.includes('--check')
for (const [page, make] of Object.entries(pages)) {
  try {
    await bring(page, `${(await make()).trimEnd()}\n`)
  } catch (error) {
    console.error(`${page} cannot be made: ${error.message}\n${error.hint ?? 'Run: npm run build'}`)
    process.exitCode = 1
  }
}

async function bring(page, wanted) {
  const file = path.join(root, page)
  const found = await readFile(file, 'utf8').catch(() => undefined)
  if (found === wanted) return
  if (check) {
    console.error(`${page} is ${found === undefined ? 'missing' : 'out of date'}. Run: npm run generate`)
    process.exitCode = 1
    return
  }
  await writeFile(file, wanted)
  console.log(`${page} written`)
}
