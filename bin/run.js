#!/usr/bin/env node
// Plain JavaScript that also parses on old versions of Node, so that they get an answer instead of a syntax error.
import {existsSync} from 'node:fs'
import module from 'node:module'
import {fileURLToPath} from 'node:url'

const [major, minor] = process.versions.node.split('.').map(Number)
const entry = new URL('../dist/cli/run-cli.js', import.meta.url)

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Error: harness needs Node 20.19 or newer; this is Node ${process.versions.node}.\n`)
  process.exit(1)
}

if (!existsSync(entry)) {
  process.stderr.write('Error: harness is not built yet. Run `npm run build` in its folder.\n')
  process.exit(1)
}

if (module.enableCompileCache) module.enableCompileCache()
const {runCli} = await import(entry.href)
await runCli({argv: process.argv.slice(2), root: fileURLToPath(new URL('..', import.meta.url))})
