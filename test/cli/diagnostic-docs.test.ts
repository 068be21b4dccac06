import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import {describe, it} from 'mocha'
import {diagnosticsPage, docsOf} from '../../src/cli/diagnostic-docs.js'
import {diagnosticTable} from '../../src/core/config/diagnostic-table.js'
import type {Diagnostic} from '../../src/core/contract/diagnostic.js'

describe('where the code of a diagnostic is described', () => {
  it('is a heading of the page', () => {
    const [file = '', section] = diagnosticsPage().split('#')
    const headings = [...readFileSync(file, 'utf8').matchAll(/^##+ (\w+)$/gm)].map(([, title = '']) =>
      title.toLowerCase(),
    )
    assert.ok(section !== undefined && headings.includes(section))
    for (const code of Object.keys(diagnosticTable) as Diagnostic['code'][]) {
      const [page, anchor = ''] = docsOf({code}).split('#')
      assert.ok(file.endsWith(`/${page ?? ''}`))
      assert.ok(headings.includes(anchor), code)
    }
  })
})
