import assert from 'node:assert/strict'
import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {errorTable} from '../../../src/core/base/error-table.js'
import {diagnosticTable} from '../../../src/core/config/diagnostic-table.js'

const root = path.join(import.meta.dirname, '../../..')
const codes = Object.keys(diagnosticTable)

/** Every code that stands somewhere in the sources of this room, errors of commands left out. */
function codesInSources(): readonly string[] {
  const room = path.join(root, 'src/core/config')
  const sources = readdirSync(room, {recursive: true, encoding: 'utf8'}).filter(
    (file) => file.endsWith('.ts') && file !== 'diagnostic-table.ts',
  )
  const found = sources.flatMap((file) => readFileSync(path.join(room, file), 'utf8').match(/CONFIG_[A-Z_]+/g) ?? [])
  return [...new Set(found)].filter((code) => !Object.hasOwn(errorTable, code)).sort()
}

describe('the diagnostics of a stack file', () => {
  it('are all in the table, and each of the table can be raised', () => {
    assert.deepEqual([...codes].sort(), codesInSources())
  })

  it('each say what they mean and how to repair it, in sentences', () => {
    for (const [code, {meaning, repair}] of Object.entries(diagnosticTable)) {
      for (const text of [meaning, repair]) assert.match(text, /^[A-Z`].{20,}[.`]$/, code)
    }
  })

  it('each have a section in the reference, and every link within that page leads somewhere', () => {
    const page = readFileSync(path.join(root, 'docs/config.md'), 'utf8')
    const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title)
    const titles = headings.map((title) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    )
    const anchors = new Set([...titles, ...[...page.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id)])
    for (const code of codes) assert.ok(headings.includes(code), code)
    for (const [, target = ''] of page.matchAll(/\]\(#([^)]+)\)/g)) assert.ok(anchors.has(target), target)
  })
})
