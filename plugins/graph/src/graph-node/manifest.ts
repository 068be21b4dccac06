import {access, readFile, stat} from 'node:fs/promises'
import path from 'node:path'
import {isScalar, parseDocument, visit, type Document} from 'yaml'
import type {GraphNode} from './graph-node.js'

/** A manifest as `graph build` writes it, with the files that it names. */
export interface Manifest {
  readonly file: string
  readonly document: Document
  /** Absolute paths by how they stand in it. */
  readonly files: ReadonlyMap<string, string>
  /** Networks of its data sources. */
  readonly networks: readonly string[]
}

/** The built manifest at a path: itself, or in the folder, or in the `build` of that. Throws when it is not there, or not built. */
export async function readManifest(node: GraphNode, given: string): Promise<Manifest> {
  const file = await findManifest(node, given)
  const document = parseDocument(await readFile(file, 'utf8'), {schema: 'failsafe'})
  const [problem] = document.errors
  if (problem) throw node.failed(`${file} is no YAML: ${problem.message.split('\n')[0]}`)
  const named = filesIn(document)
  if (named.length === 0) throw node.failed(`${file} is no manifest of a subgraph: it names no files`)
  const folder = path.dirname(file)
  const source = named.find((each) => /\.(?:ts|as)$/.test(each))
  if (source !== undefined) throw notBuilt(node, folder, `its mapping is ${source}`)
  const files = new Map(named.map((each) => [each, path.resolve(folder, each)]))
  for (const [name, at] of files) {
    if (await isThere(at)) continue
    if (name.endsWith('.wasm')) throw notBuilt(node, path.dirname(folder), `${at} is not there`)
    throw node.failed(`${file} names the file ${name}, which is not there`)
  }
  return {file, document, files, networks: networksIn(document)}
}

async function findManifest(node: GraphNode, given: string): Promise<string> {
  const found = await stat(given).catch(() => undefined)
  if (!found) throw node.failed(`there is no ${given}`, 'Give the folder of a subgraph, or its build/subgraph.yaml.')
  if (!found.isDirectory()) {
    // The sources of a subgraph that was built beside them.
    const built = path.join(path.dirname(given), 'build', path.basename(given))
    return (await isThere(built)) ? built : given
  }
  for (const each of [path.join(given, 'build', 'subgraph.yaml'), path.join(given, 'subgraph.yaml')])
    if (await isThere(each)) return each
  throw node.failed(
    `there is no subgraph.yaml in ${given}`,
    'Give the folder of a subgraph, or its build/subgraph.yaml.',
  )
}

function notBuilt(node: GraphNode, folder: string, why: string): Error {
  return node.failed(
    `the subgraph in ${folder} is not built: ${why}`,
    `Build it first: \`cd ${folder} && npx graph codegen && npx graph build\`, or with \`gnd\` in place of \`npx graph\`.`,
  )
}

/** What stands under a key `file` at any depth. */
function filesIn(document: Document): readonly string[] {
  const found = new Set<string>()
  visit(document, {
    Pair(_key, {key, value}) {
      if (isScalar(key) && key.value === 'file' && isScalar(value)) found.add(String(value.value))
    },
  })
  return [...found]
}

function networksIn(document: Document): readonly string[] {
  const {dataSources = [], templates = []} = (document.toJS() ?? {}) as Sources
  return [...new Set([...dataSources, ...templates].flatMap(({network}) => network ?? []))]
}

interface Sources {
  readonly dataSources?: readonly {readonly network?: string}[]
  readonly templates?: readonly {readonly network?: string}[]
}

/** The manifest with links to IPFS in place of its files. */
export function withLinks({document}: Manifest, hashes: ReadonlyMap<string, string>): string {
  const copy = document.clone()
  visit(copy, {
    Pair(_key, pair) {
      const {key, value} = pair
      if (!isScalar(key) || key.value !== 'file' || !isScalar(value)) return
      const hash = hashes.get(String(value.value))
      if (hash !== undefined) pair.value = copy.createNode({'/': `/ipfs/${hash}`})
    },
  })
  return copy.toString({lineWidth: 0})
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
