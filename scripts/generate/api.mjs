// docs/api: what plugins are written against, by typedoc (typedoc.json). Fails when something of it is not documented.
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {Application, LogLevel, Logger} from 'typedoc'

const head = `<!-- Generated from src/plugin.ts and src/testing.ts by \`npm run generate\`. -->

How it all fits together: [plugins](../plugins/README.md).`

/** The pages by name, e.g. `plugin.md`. */
export async function apiPages(root) {
  const heard = new Complaints()
  const app = await Application.bootstrapWithPlugins({options: path.join(root, 'typedoc.json')})
  app.logger = heard
  const project = await app.convert()
  if (project) app.validate(project)
  if (!project || heard.all.length > 0) {
    const hint = 'Say above it what it means. What is not for plugins must not be exported there.'
    throw Object.assign(new Error(`\n  ${heard.all.join('\n  ')}`), {hint})
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'harness-api-'))
  try {
    await app.outputs.writeOutput({name: 'markdown', path: folder}, project)
    return Object.fromEntries(await Promise.all(['plugin.md', 'testing.md'].map((page) => read(folder, page))))
  } finally {
    await rm(folder, {recursive: true})
  }
}

async function read(folder, page) {
  const text = await readFile(path.join(folder, page), 'utf8')
  const name = page.replace('.md', '')
  return [page, text.replace(`# ${name}\n`, `# @service-harness/cli/${name}\n\n${head}\n`)]
}

// What the compiler makes of a mapped type has no place for a docstring: the methods of the protocol, which docs/protocol.md tells of.
const mapped = /^plugin\.HarnessClient\.\w+ \(Property\), defined in @service-harness\/cli\/,/

/** A reference with a hole is none: warnings count. */
class Complaints extends Logger {
  all = []

  log(message, level) {
    if (level >= LogLevel.Warn && !mapped.test(message)) this.all.push(message)
  }
}
