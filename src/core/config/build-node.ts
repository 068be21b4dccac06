import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  visit,
  type Alias,
  type Document,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import {mergeTag} from './merge-tags.js'
import {exactNumber, joinPath, type Entry, type Node, type ScalarNode} from './node.js'
import type {Finding, Problems} from './problems.js'
import type {Source, Span} from './source.js'

/** How much aliases may add to what is written, so that a small file cannot unfold into a huge one. */
const maxAliasNodes = 10_000

interface Build {
  /** What each alias stands for. */
  readonly targets: ReadonlyMap<Alias, ParsedNode>
  readonly source: Source
  readonly problems: Problems
  /** Anchored nodes that are being built: an alias to one of them would never end. */
  readonly open: Set<ParsedNode>
  aliasNodes: number
}

/** Turns a parsed document into plain nodes: aliases followed, `<<` merged, keys made text and checked. */
export function buildNode(document: Document.Parsed, source: Source, problems: Problems): Node {
  const targets = targetsOf(document, source)
  const build: Build = {targets, source, problems, open: new Set(), aliasNodes: 0}
  return nodeOf(build, document.contents, '', {source, start: 0, end: 0})
}

/** An alias means the last anchor of its name before it. One pass over the file: to look for each anew would never end. */
function targetsOf(document: Document.Parsed, source: Source): ReadonlyMap<Alias, ParsedNode> {
  const targets = new Map<Alias, ParsedNode>()
  const anchors = new Map<string, ParsedNode>()
  if (!source.text.includes('*')) return targets
  visit(document, {
    Alias(_, alias) {
      const target = anchors.get(alias.source)
      if (target) targets.set(alias, target)
    },
    Value(_, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node as ParsedNode)
    },
  })
  return targets
}

function nodeOf(build: Build, parsed: ParsedNode | null, path: string, at: Span): Node {
  if (parsed === null) return {kind: 'scalar', span: at, value: null, text: ''}
  if (isAlias(parsed)) return aliasOf(build, parsed, path)
  return isScalar(parsed) ? scalarOf(build, parsed) : collectionOf(build, parsed, path)
}

function collectionOf(build: Build, parsed: ParsedNode, path: string): Node {
  const span = spanOf(build, parsed)
  const tag = mergeTag(parsed.tag)
  build.open.add(parsed)
  const node: Node = isMap(parsed)
    ? {kind: 'map', tag, span, entries: mapEntries(build, parsed, path)}
    : {
        kind: 'sequence',
        tag,
        span,
        items: (isSeq(parsed) ? parsed.items : []).map((item, index) =>
          // A pair inside a list (`[a: 1]`) arrives as a map of its own.
          nodeOf(build, isPair(item) ? null : item, `${path}[${index}]`, span),
        ),
      }
  build.open.delete(parsed)
  return node
}

function aliasOf(build: Build, alias: ParsedNode & {readonly source: string}, path: string): Node {
  const span = spanOf(build, alias)
  const nothing: Node = {kind: 'scalar', span, value: null, text: ''}
  const refuse = (message: string): Node => {
    build.problems.addAt(span, path, {code: 'CONFIG_SYNTAX', message})
    return nothing
  }
  const target = isAlias(alias) ? build.targets.get(alias) : undefined
  if (target === undefined) return refuse(`The alias *${alias.source} has no anchor.`)
  if (build.open.has(target)) return refuse(`The alias *${alias.source} contains itself.`)
  if (build.aliasNodes > maxAliasNodes) return nothing
  const node = nodeOf(build, target, path, span)
  const before = build.aliasNodes
  build.aliasNodes += sizeOf(node)
  return before <= maxAliasNodes && build.aliasNodes > maxAliasNodes
    ? refuse(`The aliases of the file unfold to more than ${maxAliasNodes} values.`)
    : node
}

function mapEntries(build: Build, map: YAMLMap.Parsed, path: string): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  const merged: Node[] = []
  for (const pair of map.items) {
    const key = keyOf(build, pair.key, path)
    if (key === undefined) continue
    const value = nodeOf(build, pair.value, joinPath(path, key.name), {...key.span, start: key.span.end})
    const earlier = entries.get(key.name)
    if (key.name === '<<') merged.push(value)
    else if (earlier) refuseKey(build, key, path, duplicate(build, earlier, joinPath(path, key.name)))
    else entries.set(key.name, {key: key.span, value})
  }
  for (const source of merged.flatMap((node) => (node.kind === 'sequence' ? node.items : [node]))) {
    if (source.kind !== 'map') {
      if (build.aliasNodes > maxAliasNodes) continue
      build.problems.addAt(source.span, path, {code: 'CONFIG_INVALID_VALUE', message: `'<<' merges maps only.`})
      continue
    }
    for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry)
  }
  return entries
}

interface Key {
  readonly name: string
  readonly span: Span
}

function keyOf(build: Build, parsed: ParsedNode | null, path: string): Key | undefined {
  const where = path === '' ? 'at the top' : `in ${path}`
  if (parsed === null || !isScalar(parsed) || parsed.value === null) {
    const span = parsed === null ? {source: build.source, start: 0, end: 1} : spanOf(build, parsed)
    build.problems.addAt(span, path, {code: 'CONFIG_SYNTAX', message: `A key ${where} is not a piece of text.`})
    return undefined
  }
  const {value, text} = scalarOf(build, parsed)
  const key = {name: typeof value === 'string' ? value : text, span: spanOf(build, parsed)}
  if (key.name !== '__proto__') return key
  refuseKey(build, key, path, {code: 'CONFIG_INVALID_NAME', message: `'__proto__' ${where} cannot be used as a key.`})
  return undefined
}

function refuseKey(build: Build, key: Key, path: string, finding: Finding): void {
  build.problems.addAt(key.span, joinPath(path, key.name), finding)
}

function duplicate(build: Build, earlier: Entry, path: string): Finding {
  const {line} = build.source.positionOf(earlier.key.start)
  return {code: 'CONFIG_DUPLICATE_KEY', message: `${path} is given twice: the first is in line ${line}.`}
}

function scalarOf(build: Build, scalar: Scalar.Parsed): ScalarNode {
  const span = spanOf(build, scalar)
  const {value} = scalar
  const text = typeof value === 'string' ? value : scalar.source
  const tag = mergeTag(scalar.tag)
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) {
    return {kind: 'scalar', tag, span, value, text}
  }
  return {kind: 'scalar', tag, span, value: typeof value === 'number' ? exactNumber(value, text) : text, text}
}

function spanOf(build: Build, parsed: ParsedNode): Span {
  return {source: build.source, start: parsed.range[0], end: parsed.range[1]}
}

function sizeOf(node: Node): number {
  const children = node.kind === 'map' ? [...node.entries.values()].map((entry) => entry.value) : []
  const inner = node.kind === 'sequence' ? node.items : children
  return inner.reduce((sum, child) => sum + sizeOf(child), 1)
}
