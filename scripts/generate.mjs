// Writes the reference pages from the code: `node scripts/generate.mjs`. With --check it only says which are out of date.
import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {commandsMarkdown} from './generate/commands.mjs'
import {configMarkdown} from './generate/config.mjs'
import {errorsMarkdown} from './generate/errors.mjs'
import {root} from './run.mjs'

const built = (file) => import(new URL(`../dist/${file}`, import.meta.url).href)

const pages = {
  'docs/errors.md': async () => errorsMarkdown((await built('core/base/errors.js')).errorTable),
  'docs/protocol.md': async () => (await built('core/protocol/reference.js')).protocolMarkdown(),
  'docs/protocol.json': async () => (await built('core/protocol/reference.js')).protocolJson(),
  'docs/commands.md': () => commandsMarkdown(root),
  'docs/config.md': async () =>
    configMarkdown(root, {
      tables: (await built('core/config/keys/tables.js')).keyTables,
      definitionOf: (await built('core/config/keys/shapes.js')).definitionOf,
      types: [
        {name: 'process', schema: (await built('core/executors/process/spec.js')).processSpecSchema},
        {name: 'process-attach', schema: (await built('core/executors/process-attach/spec.js')).attachSpecSchema},
      ],
      diagnostics: (await built('core/config/diagnostic-table.js')).diagnosticTable,
    }),
}

const check = process.argv.includes('--check')
for (const [page, make] of Object.entries(pages)) {
  try {
    await bring(page, `${(await make()).trimEnd()}\n`)
  } catch (error) {
    console.error(`${page} cannot be made: ${error.message}\nRun: npm run build`)
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
