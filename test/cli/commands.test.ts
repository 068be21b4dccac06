import assert from 'node:assert/strict'
import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'

const directory = path.resolve(import.meta.dirname, '../../src/commands')

interface CommandClass {
  readonly summary?: string
  readonly examples?: readonly unknown[]
  readonly hidden?: boolean
  readonly flags?: Readonly<Record<string, {readonly summary?: string; readonly hidden?: boolean}>>
  readonly baseFlags?: Readonly<Record<string, unknown>>
  readonly args?: Readonly<
    Record<string, {readonly description?: string; readonly ignoreStdin?: boolean; readonly multiple?: boolean}>
  >
}

async function loadCommands(): Promise<readonly (readonly [string, CommandClass])[]> {
  return Promise.all(
    (await commandFiles()).map(async (file) => {
      const {default: command} = (await import(path.join(directory, file))) as {default: CommandClass}
      return [file.replace(/(\/index)?\.ts$/, '').replaceAll('/', ' '), command] as const
    }),
  )
}

async function commandFiles(): Promise<readonly string[]> {
  return (await readdir(directory, {recursive: true})).filter((file) => file.endsWith('.ts')).sort()
}

describe('every command', () => {
  it('has a summary that ends with a full stop, and an example', async () => {
    const commands = await loadCommands()
    assert.ok(commands.length >= 12)
    for (const [id, {summary, examples}] of commands) {
      assert.match(summary ?? '', /^[A-Z].*\.$/, id)
      assert.ok((examples?.length ?? 0) > 0, `${id} has no example`)
    }
  })

  it('takes --daemon, or is about this machine alone', async () => {
    const here = [
      ...['completion', 'config', 'deps', 'doctor', 'import', 'init', 'plugins new', 'schema', 'types', 'validate'],
      ...['check', 'config', 'down', 'key', 'up'].map((verb) => `network ${verb}`),
      ...['', ' forget', ' install', ' logs', ' restart', ' start', ' trust', ' uninstall'].map(
        (verb) => `daemon${verb}`,
      ),
    ]
    const without = (await loadCommands()).filter(([, {flags = {}}]) => !('daemon' in flags)).map(([id]) => id)
    assert.deepEqual(without.sort(), here.sort())
  })

  it('says what each of its flags and arguments is for', async () => {
    for (const [id, {flags = {}, args = {}}] of await loadCommands()) {
      for (const [name, flag] of Object.entries(flags)) {
        if (!flag.hidden) assert.match(flag.summary ?? '', /^[A-Z`].*\.$/, `${id} --${name}`)
      }
      for (const [name, arg] of Object.entries(args)) assert.match(arg.description ?? '', /\.$/, `${id} ${name}`)
    }
  })

  it('has the common flags, and never waits for standard input', async () => {
    for (const [id, {baseFlags = {}, args = {}}] of await loadCommands()) {
      for (const name of ['no-color', 'quiet', 'verbose']) assert.ok(name in baseFlags, `${id} has no --${name}`)
      for (const [name, arg] of Object.entries(args)) assert.ok(arg.multiple ?? arg.ignoreStdin, `${id} ${name}`)
    }
  })

  it('loads only what it always needs: no YAML, schemas, drawing or executors', async () => {
    for (const file of await commandFiles()) {
      const packages = await importedPackages(path.join(directory, file))
      const heavy = packages.filter((name) => /^(yaml|ajv|listr2|execa|ws|@peculiar)/.test(name))
      // The conversation with the daemon is what most commands are for.
      assert.deepEqual(
        heavy.filter((name) => name !== 'ws'),
        [],
        file,
      )
    }
  })
})

/** The packages that importing a module brings along at once, through all modules of ours. */
async function importedPackages(entry: string): Promise<readonly string[]> {
  const seen = new Set([entry])
  const packages = new Set<string>()
  for (const file of seen) {
    const text = await readFile(file, 'utf8')
    for (const [, name = ''] of text.matchAll(/^(?:import|export) (?!type\b)[^;'"]*?from '([^']+)'/gm)) {
      if (name.startsWith('.')) seen.add(path.resolve(path.dirname(file), name.replace(/\.js$/, '.ts')))
      else packages.add(name)
    }
  }
  return [...packages].sort()
}
