import assert from 'node:assert/strict'
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {diagnosticTable} from '../../../src/core/config/diagnostic-table.js'
import {findProblems} from '../../../src/core/config/find-problems.js'
import {formatDiagnostics} from '../../../src/core/config/format-diagnostics.js'
import type {LocatedDiagnostic} from '../../../src/core/config/problems.js'
import {catalogue} from './catalogue.js'

/** Control characters, and what turns the direction of writing around. */
const hostile = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/u

const folder = path.join(import.meta.dirname, '../../fixtures/broken')

const files = readdirSync(folder).filter((each) => each.endsWith('.yaml'))

/** What `harness validate` says; of a file that is called so, with `--strict`. */
async function problemsOf(file: string): Promise<readonly LocatedDiagnostic[]> {
  const options = {cwd: folder, files: [file], env: {}}
  const strict = file.startsWith('strict-')
  return (await findProblems(options, () => Promise.resolve(catalogue), {strict})).problems
}

// After a wanted change of the texts: UPDATE_GOLDEN=1, then read the difference. What a file names is in a folder that is called like it.
describe('what is said of a broken stack file', () => {
  for (const name of files) {
    const golden = path.join(folder, name.replace(/yaml$/, 'txt'))
    it(`${name} gives exactly the text of its .txt`, async () => {
      const text = formatDiagnostics(await problemsOf(name)) + '\n'
      if (process.env['UPDATE_GOLDEN']) writeFileSync(golden, text)
      assert.equal(text, readFileSync(golden, 'utf8'))
    })
  }

  it('has a place for everything', async () => {
    for (const name of files) {
      const diagnostics = await problemsOf(name)
      assert.ok(diagnostics.length > 0, name)
      for (const {file, line, column, message} of diagnostics) {
        assert.ok(file === name || file?.startsWith(`${path.parse(name).name}/`), `${name}: ${file ?? 'nowhere'}`)
        assert.ok(line !== undefined && column !== undefined, message)
        assert.match(message, /\.$/)
      }
    }
  })

  it('names each kind of problem in some file', async () => {
    const found = (await Promise.all(files.map(problemsOf))).flat().map(({code}) => code)
    assert.deepEqual([...new Set(found)].sort(), Object.keys(diagnosticTable).sort())
  })

  it('never shows a line of a file with variables', async () => {
    for (const name of files) {
      const shown = JSON.stringify(await problemsOf(name)) + formatDiagnostics(await problemsOf(name))
      assert.doesNotMatch(shown, /s3cr3t/, name)
    }
  })

  it('prints nothing that a terminal would obey', async () => {
    for (const name of files) {
      assert.doesNotMatch(formatDiagnostics(await problemsOf(name)).replaceAll('\n', ''), hostile, name)
    }
  })
})
