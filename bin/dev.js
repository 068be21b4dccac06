#!/usr/bin/env node
// For work on harness itself: compiles what changed, then runs as bin/run.js does.
import {spawnSync} from 'node:child_process'
import {createRequire} from 'node:module'
import {fileURLToPath} from 'node:url'

const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc')
const settings = fileURLToPath(new URL('../tsconfig.build.json', import.meta.url))
const built = spawnSync(process.execPath, [compiler, '-b', settings], {stdio: ['ignore', 2, 2]})
if (built.status !== 0) process.exit(built.status ?? 1)
await import('./run.js')
