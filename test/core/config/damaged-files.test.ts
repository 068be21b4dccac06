import assert from 'node:assert/strict'
import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {checkInspected} from '../../../src/core/config/check-inspected.js'
import {formatDiagnostics} from '../../../src/core/config/format-diagnostics.js'
import {inspectStack} from '../../../src/core/config/inspect-stack.js'
import type {LocatedDiagnostic} from '../../../src/core/config/problems.js'
import {seededRandom} from '../dag/random-graph.js'
import {catalogue} from './catalogue.js'

const folder = path.join(import.meta.dirname, '../../fixtures/stacks')
const texts = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'))
const pieces = ['${', '}', '$', ':', '- ', '\n', '  ', '{', '[', ']', '"', "'", 'null', '~', '&a ', '*a', '<<: ', '? ']
pieces.push('!x ', '|', '\t', '\u0000', 'é', '__proto__: 1', ': ', '-1', '1e999', '')

/** A good file with one to three pieces of it replaced. */
function damage(seed: number): string {
  const random = seededRandom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  let text = texts[below(texts.length)] ?? ''
  for (let count = 1 + below(3); count > 0; count--) {
    const at = below(text.length)
    text = text.slice(0, at) + (pieces[below(pieces.length)] ?? '') + text.slice(at + below(12))
  }
  return text
}

async function problemsOf(text: string): Promise<readonly LocatedDiagnostic[]> {
  const stdin = (): Promise<string> => Promise.resolve(text)
  return checkInspected(await inspectStack({cwd: '/srv/shop', files: ['-'], env: {}, stdin}), catalogue)
}

describe('a damaged stack file', () => {
  it('is read or refused with places, never anything else', async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const diagnostics = await problemsOf(damage(seed))
      formatDiagnostics(diagnostics)
      for (const {line, column, length, message} of diagnostics) {
        assert.ok((line ?? 0) > 0 && (column ?? 0) > 0 && (length ?? 0) > 0, `seed ${seed}: ${message}`)
        assert.match(message, /\.$/, `seed ${seed}`)
      }
    }
  })
})
