import assert from 'node:assert/strict'
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {isHarnessError} from '../../../src/core/base/errors.js'
import {checkStack} from '../../../src/core/config/check-stack.js'
import {diagnosticsIn, formatDiagnostics} from '../../../src/core/config/format-diagnostics.js'
import {loadStack} from '../../../src/core/config/load-stack.js'
import {locateDiagnostics} from '../../../src/core/config/locate-diagnostics.js'
import type {LocatedDiagnostic} from '../../../src/core/config/problems.js'
import {catalogue} from './catalogue.js'

const folder = path.join(import.meta.dirname, '../../fixtures/broken')

/** What `harness validate` would say: the file's own problems, or else what the daemon finds. */
async function problemsOf(file: string): Promise<readonly LocatedDiagnostic[]> {
  try {
    const loaded = await loadStack({cwd: folder, files: [file], env: {}})
    return [...loaded.warnings, ...locateDiagnostics(checkStack(loaded.definition, catalogue), loaded)]
  } catch (error) {
    if (isHarnessError(error) && error.code === 'CONFIG_INVALID') return diagnosticsIn(error.details)
    throw error
  }
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
