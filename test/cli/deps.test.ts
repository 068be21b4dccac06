import assert from 'node:assert/strict'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {Interfaces} from '@oclif/core'
import {depsDot} from '../../src/cli/deps-dot.js'
import {depsGraph, type DepsGraph} from '../../src/cli/deps-graph.js'
import {depsMermaid} from '../../src/cli/deps-mermaid.js'
import {showDeps, type DepsWish} from '../../src/cli/deps-show.js'
import {depsTree} from '../../src/cli/deps-tree.js'
import {createStyle} from '../../src/cli/style.js'
import type {Terminal} from '../../src/cli/terminal.js'
import {catalogue} from '../core/config/catalogue.js'
import {loadText, temporaryFolder} from '../core/config/load.js'

const text = `
name: shop
services:
  db: {type: process, binary: db}
  api:
    type: process
    binary: api
    replicas: 3
    dependencies: [{service: db, restart: true}, {task: seed}, {service: cache, required: false}]
  web: {type: process, binary: web, dependencies: [api, {service: db, condition: started}]}
  end: {type: process, binary: end}
tasks:
  seed: {task_type: command, target: {type: process, binary: seed}, dependencies: [db]}
`

async function graph(file = text): Promise<DepsGraph> {
  return depsGraph((await loadText(file)).definition, catalogue)
}

const plain = createStyle(false)

describe('the dependency graph', () => {
  it('is a tree of who needs whom, each part once', async () => {
    assert.deepEqual(depsTree(await graph(), plain), [
      'shop',
      '├─ web',
      '│  ├─ api ×3',
      '│  │  ├─ db (restart)',
      '│  │  ├─ task seed',
      '│  │  │  └─ db …',
      '│  │  └─ cache (optional, not in the file)',
      '│  └─ db (started) …',
      '└─ end',
    ])
  })

  it('shows what stands in a circle too', () => {
    const nodes = ['a', 'b', 'c', 'd'].map((name) => ({kind: 'task', name}) as const)
    const edge = (from: string, to: string) =>
      ({from, to, kind: 'task', condition: 'succeeded', required: true, restart: false}) as const
    const edges = [edge('a', 'b'), edge('b', 'a'), edge('c', 'd'), edge('d', 'c')]
    assert.deepEqual(depsTree({name: 'x', nodes, edges}, plain), [
      'x',
      '├─ task a',
      '│  └─ task b',
      '│     └─ task a …',
      '└─ task c',
      '   └─ task d',
      '      └─ task c …',
    ])
  })

  it('has what task types depend on by themselves', async () => {
    const {edges} = await graph(
      'services: {db: {type: process}}\ntasks: {load: {task_type: sql, config: {query: a}, dependencies: [db]}, more: {task_type: sql, config: {query: b}}}',
    )
    assert.deepEqual(
      edges.map(({from, to}) => `${from} ${to}`),
      ['load db', 'more db'],
    )
  })

  it('is written for mermaid, with numbers for names', async () => {
    assert.deepEqual(depsMermaid(await graph()), [
      'graph TD',
      '  n0["db"]',
      '  n1["api ×3"]',
      '  n2["web"]',
      '  n3["end"]',
      '  n4(["task seed"])',
      '  n5["cache"]',
      '  n1 -->|"restart"| n0',
      '  n1 --> n4',
      '  n1 -.->|"optional"| n5',
      '  n2 --> n1',
      '  n2 -->|"started"| n0',
      '  n4 --> n0',
    ])
  })

  it('is written for Graphviz', async () => {
    assert.deepEqual(depsDot(await graph()), [
      'digraph "shop" {',
      '  node [shape=box];',
      '  "db" [label="db"];',
      '  "api" [label="api ×3"];',
      '  "web" [label="web"];',
      '  "end" [label="end"];',
      '  "seed" [label="task seed", style="rounded"];',
      '  "cache" [label="cache", style="dashed"];',
      '  "api" -> "db" [label="restart"];',
      '  "api" -> "seed";',
      '  "api" -> "cache" [label="optional", style="dashed"];',
      '  "web" -> "api";',
      '  "web" -> "db" [label="started"];',
      '  "seed" -> "db";',
      '}',
    ])
  })
})

describe('harness deps', () => {
  it('prints the file in any format, and warnings beside it', async () => {
    using folder = temporaryFolder({'harness.yaml': text})
    const tree = await printed(folder.path, 'tree')
    assert.equal(tree.out[0], 'shop')
    assert.equal(tree.out.length, 9)
    assert.match(tree.warnings.join('\n'), /depends on service 'cache', which is not in this stack/)
    assert.equal((await printed(folder.path, 'mermaid')).out[0], 'graph TD')
    assert.equal((await printed(folder.path, 'dot')).out[0], 'digraph "shop" {')
    const {data, out} = await printed(folder.path, 'json')
    assert.deepEqual(out, [])
    const [{nodes, edges}] = data as [Omit<DepsGraph, 'name'>]
    assert.deepEqual(nodes[1], {kind: 'service', name: 'api', replicas: 3})
    assert.deepEqual(nodes.at(-1), {kind: 'task', name: 'seed'})
    assert.deepEqual(edges[0], {
      from: 'api',
      to: 'db',
      kind: 'service',
      condition: 'ready',
      required: true,
      restart: true,
    })
  })

  it('says what is wrong with a file, and what a broken one is', async () => {
    using folder = temporaryFolder({'harness.yaml': 'services: {api: {type: process, dependencies: [gone]}}'})
    await assert.rejects(printed(folder.path, 'tree'), {code: 'CONFIG_INVALID'})
    await assert.rejects(printed(path.join(folder.path, 'gone'), 'tree'), {code: 'CONFIG_NOT_FOUND'})
  })
})

async function printed(folder: string, format: DepsWish['format']) {
  const out: string[] = []
  const warnings: string[] = []
  const data: unknown[] = []
  const terminal: Terminal = {
    json: format === 'json',
    quiet: false,
    verbose: false,
    colour: false,
    style: plain,
    errorStyle: plain,
    out: (line) => out.push(line),
    raw: (lines) => out.push(lines),
    data: (value) => data.push(value),
    note: (line) => warnings.push(line),
    warn: (line) => warnings.push(line),
  }
  // Of a stack without tasks of plugins nothing is asked that oclif knows.
  const config = {} as Interfaces.Config
  await showDeps(terminal, {choice: {config: [path.join(folder, 'harness.yaml')]}, format, config})
  return {out, warnings, data}
}
