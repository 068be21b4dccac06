import {strict as assert} from 'node:assert'
import {describe, it} from 'mocha'
import {errorTable} from '../../../src/core/base/error-table.js'
import type {JsonSchema} from '../../../src/core/base/json.js'
import {definitions} from '../../../src/core/protocol/definitions.js'
import {closeCodes, limits, rpcCodes} from '../../../src/core/protocol/messages.js'
import {methods} from '../../../src/core/protocol/methods.js'
import {notificationTable} from '../../../src/core/protocol/notification-table.js'
import {protocolJson, protocolMarkdown} from '../../../src/core/protocol/reference.js'
import {compileSchema} from '../../../src/core/schema/compile.js'

describe('the reference of the protocol', () => {
  const markdown = protocolMarkdown()

  it('has every method, notification, shape, error, code and limit', () => {
    for (const [name, {summary}] of Object.entries(methods)) {
      assert.ok(markdown.includes(`### \`${name}\`\n\n${summary}`), name)
    }
    for (const name of Object.keys(notificationTable)) assert.ok(markdown.includes(`### \`${name}\``), name)
    for (const name of Object.keys(definitions)) assert.ok(markdown.includes(`### ${name}\n`), name)
    for (const code of Object.keys(errorTable)) assert.ok(markdown.includes(`| \`${code}\` |`), code)
    for (const code of [...Object.values(closeCodes), ...Object.values(rpcCodes)]) {
      assert.ok(markdown.includes(`| ${code} |`), String(code))
    }
    for (const name of Object.keys(limits)) assert.ok(markdown.includes(`| \`${name}\` |`), name)
    assert.ok(!markdown.includes('undefined') && !markdown.includes('[object'))
  })

  it('gives programs whole schemas, each of which compiles with the shapes it names', () => {
    const json = JSON.parse(protocolJson()) as {
      readonly methods: Readonly<
        Record<string, {readonly params: JsonSchema<unknown>; readonly result: JsonSchema<unknown>}>
      >
      readonly $defs: Readonly<Record<string, unknown>>
    }
    assert.deepEqual(Object.keys(json.methods), Object.keys(methods))
    for (const {params, result} of Object.values(json.methods)) {
      compileSchema(params, json.$defs)
      compileSchema(result, json.$defs)
    }
    for (const {params} of Object.values(notificationTable)) compileSchema<unknown>(params, definitions)
  })

  it('uses every shape somewhere', () => {
    const text = protocolJson()
    for (const name of Object.keys(definitions)) assert.ok(text.includes(`"#/$defs/${name}"`), name)
  })
})
