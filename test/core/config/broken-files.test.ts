import assert from 'node:assert/strict'
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {checkInspected} from '../../../src/core/config/check-inspected.js'
import {formatDiagnostics} from '../../../src/core/config/format-diagnostics.js'
import {inspectStack} from '../../../src/core/config/inspect-stack.js'
import type {LocatedDiagnostic} from '../../../src/core/config/problems.js'
import {catalogue} from './catalogue.js'

const folder = path.join(import.meta.dirname, '../../fixtures/broken')

/** What `harness validate` says. */
async function problemsOf(file: string): Promise<readonly LocatedDiagnostic[]> {
  return checkInspected(await inspectStack({cwd: folder, files: [file], env: {}}), catalogue)
}

// After a wanted change of the texts: UPDATE_GOLDEN=1, then read the difference.
describe('what is said of a broken stack file', () => {
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.yaml'))) {
    const golden = path.join(folder, name.replace(/yaml$/, 'txt'))
    it(`${name} gives exactly the text of its .txt`, async () => {
      const text = formatDiagnostics(await problemsOf(name)) + '\n'
      if (process.env['UPDATE_GOLDEN']) writeFileSync(golden, text)
      assert.equal(text, readFileSync(golden, 'utf8'))
    })
  }

  it('has a place for everything', async () => {
    for (const name of readdirSync(folder).filter((each) => each.endsWith('.yaml'))) {
      const diagnostics = await problemsOf(name)
      assert.ok(diagnostics.length > 0, name)
      for (const {file, line, column, message} of diagnostics) {
        assert.equal(file, name)
        assert.ok(line !== undefined && column !== undefined, message)
        assert.match(message, /\.$/)
      }
    }
  })
})
