import {mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {time} from './measure.js'
import type {Row} from './row.js'

const bin = fileURLToPath(new URL('../bin/run.js', import.meta.url))
const count = 10_000
const perFile = 1000
const runs = 5
const bar = {ms: 2000, megabytes: 300}

/** `harness validate` of a stack of 10,000 services, from a cold start to its end. */
export async function largeStack({folder}: {readonly folder: string}): Promise<Row> {
  const shapes = [
    {name: 'one file, a line each', isBarred: true, file: await shortFile(folder)},
    {name: 'included files, realistic', isBarred: true, file: await includedFiles(path.join(folder, 'plain'), '')},
    // What is in none of the files that `parse-plain.ts` understands, so that the library reads all of them.
    {
      name: 'the same by the YAML library',
      isBarred: false,
      file: await includedFiles(path.join(folder, 'anchors'), 'x-anchor: &a 1\n'),
    },
  ]
  const nodes: number[] = []
  const times = new Map<string, number[]>(shapes.map(({file}) => [file, []]))
  for (let run = 0; run < runs; run += 1) {
    for (const {file} of shapes) {
      nodes.push((await time({program: process.execPath, args: ['-e', '0']})).ms)
      times.get(file)?.push((await time(validate(file))).ms)
    }
  }
  const node = Math.min(...nodes)
  const results = await Promise.all(
    shapes.map(async (shape) => ({
      ...shape,
      ms: Math.min(...(times.get(shape.file) ?? [])),
      megabytes: await peakOf(shape.file, folder),
    })),
  )
  const told = results.map(({name, ms, megabytes}) => {
    const ratio = (ms / node).toFixed(0)
    return `${name}: ${(ms / 1000).toFixed(2)} s (${ratio} × node -e 0), ${megabytes.toFixed(0)} MB`
  })
  return {
    figure: `validate ${count} services, best of ${runs}`,
    bar: `at most ${bar.ms / 1000} s and ${bar.megabytes} MB`,
    measured: told.join('; '),
    holds: results.every(({isBarred, ms, megabytes}) => !isBarred || (ms <= bar.ms && megabytes <= bar.megabytes)),
  }
}

function validate(file: string, options: readonly string[] = []) {
  const env = {HARNESS_NO_USER_PLUGINS: '1'}
  return {program: process.execPath, args: [...options, bin, 'validate', '-c', file], env}
}

/** In a run of its own, that nobody times. */
async function peakOf(file: string, folder: string): Promise<number> {
  const peak = path.join(folder, `peak-${path.basename(path.dirname(file))}`)
  const script = `import {writeFileSync} from 'node:fs'
    process.on('exit', () => writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)))`
  await time(validate(file, ['--import', `data:text/javascript,${encodeURIComponent(script)}`]))
  return Number(await readFile(peak, 'utf8')) / 1024
}

/** 10,000 services still fit into the 1 MiB that a file may have. */
async function shortFile(folder: string): Promise<string> {
  const line = (index: number): string =>
    `  s${index}: {type: process, binary: node, args: [s.mjs], ports: {http: 0}}\n`
  return write(
    path.join(folder, 'short'),
    `services:\n${Array.from({length: count}, (_, index) => line(index)).join('')}`,
  )
}

async function includedFiles(folder: string, top: string): Promise<string> {
  const parts = Array.from({length: count / perFile}, (_, part) => `part${part}.yaml`)
  for (const [part, name] of parts.entries()) {
    const services = Array.from({length: perFile}, (_, index) => realisticService(part * perFile, index))
    await write(folder, `${top}services:\n${services.join('')}`, name)
  }
  return write(folder, `include: [${parts.join(', ')}]\n`)
}

/** Each needs the one before it and the tenth before it, in the same file. */
function realisticService(first: number, index: number): string {
  const [name, before] = [`s${first + index}`, `s${first + Math.max(index - 1, 0)}`]
  const needed = [index - 1, index - 10].filter((each) => each >= 0).map((each) => `s${first + each}`)
  return `  ${name}:
    type: process
    binary: node
    args: [server.mjs, --port, "\${${name}.ports.http}"]
    env:
      LOG_LEVEL: \${LOG_LEVEL:-info}
      UPSTREAM: \${${before}.url}
    ports: {http: 0}
    health_check: {http: "\${${name}.url}/health", interval: 5s}
    dependencies: [${needed.join(', ')}]
`
}

async function write(folder: string, text: string, name = 'harness.yaml'): Promise<string> {
  await mkdir(folder, {recursive: true})
  const file = path.join(folder, name)
  await writeFile(file, text)
  return file
}
