import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {interpolate} from '../../../src/core/config/interpolate.js'

const values: Readonly<Record<string, string>> = {
  SET: 'value',
  OTHER: 'other',
  EMPTY: '',
  lower: 'l',
  _A1: 'u',
  COST: '$9 ${db.port}',
}
const variables = (name: string): string | undefined => (Object.hasOwn(values, name) ? values[name] : undefined)

type Case = readonly [name: string, input: string, expected: string]

// From the interpolation chapter of the Compose specification.
const filled: readonly Case[] = [
  ['fills in a name without braces', '$SET', 'value'],
  ['fills in a name in braces', '${SET}', 'value'],
  ['ends a name without braces at the first other character', '$SET/x-$OTHER', 'value/x-other'],
  ['takes names that begin with an underscore or are in lower case', '$_A1$lower', 'ul'],
  ['keeps a dot behind a name without braces', '$SET.port', 'value.port'],
  ['ends a name before a letter that is not of ASCII', '$SETé', 'valueé'],
  [':- uses the value of what is set', '${SET:-d}', 'value'],
  [':- uses the default for what is empty', '${EMPTY:-d}', 'd'],
  [':- uses the default for what is not set', '${GONE:-d}', 'd'],
  ['- uses the value of what is set', '${SET-d}', 'value'],
  ['- keeps what is set and empty', '${EMPTY-d}', ''],
  ['- uses the default for what is not set', '${GONE-d}', 'd'],
  [':? uses the value of what is set', '${SET:?e}', 'value'],
  ['? uses the value of what is set', '${SET?e}', 'value'],
  ['? takes what is set and empty', '${EMPTY?e}', ''],
  [':? may stand without a message', '${SET:?}', 'value'],
  [':+ uses the replacement for what is set', '${SET:+a}', 'a'],
  [':+ is empty for what is empty', '${EMPTY:+a}', ''],
  [':+ is empty for what is not set', '${GONE:+a}', ''],
  ['+ uses the replacement for what is set', '${SET+a}', 'a'],
  ['+ uses the replacement for what is set and empty', '${EMPTY+a}', 'a'],
  ['+ is empty for what is not set', '${GONE+a}', ''],
  ['takes an empty default', '${GONE:-}', ''],
  ['takes a default with spaces, quotes and line ends', '${GONE:- "a"\n b }', ' "a"\n b '],
  ['takes a default with operators of its own', '${GONE:-a:-b:?c+d}', 'a:-b:?c+d'],
  ['takes a default that begins with a minus', '${GONE--1}${GONE:--1}', '-1-1'],
  ['fills in a name within a default', '${GONE:-$SET!}', 'value!'],
  ['fills in braces within a default', '${GONE:-${SET}}', 'value'],
  ['fills in a default within a default', '${GONE:-${GONE2:-deep}}', 'deep'],
  ['fills in four levels', '${A:-${B-${C:-${D:-x}y}z}}', 'xyz'],
  ['fills in within a replacement', '${SET:+<${OTHER}>}', '<other>'],
  ['goes on behind an argument', '${GONE:-a}${SET}b', 'avalueb'],
  ['takes pairs of braces in a default that is used', '${GONE:-{"a":{"b":1}}}', '{"a":{"b":1}}'],
  ['takes pairs of braces in a default that is not used', '${SET:-{"a":{"b":1}}}', 'value'],
  ['ends at the first brace without a pair', '${SET:-a}}', 'value}'],
  ['writes $$ as a dollar', '$$', '$'],
  ['does not fill in behind $$', '$$SET $${SET}', '$SET ${SET}'],
  ['fills in behind three dollars', '$$$SET', '$value'],
  ['takes $$ within a default', '${GONE:-$$SET}', '$SET'],
  ['takes $${} within a default that is not used', '${SET:-$${x}}', 'value'],
  ['keeps a dollar at the end', 'costs 5$', 'costs 5$'],
  ['keeps a dollar before a space', 'a $ b', 'a $ b'],
  ['keeps a dollar before a digit', "awk '{print $1}'", "awk '{print $1}'"],
  ['keeps a dollar before a parenthesis', '$(date)', '$(date)'],
  ['keeps a dollar before a letter that is not of ASCII', '$é', '$é'],
  ['keeps a dollar at the end of a default', '${GONE:-a$}b', 'a$b'],
  ['leaves braces without a dollar alone', '{SET} } {', '{SET} } {'],
  ['does not look into the value of a variable', '${COST}', '$9 ${db.port}'],
  ['takes any text around', 'ünï ${SET} 🚀', 'ünï value 🚀'],
]

const kept: readonly Case[] = [
  ['keeps a reference', '${db.port}', '${db.port}'],
  ['keeps a reference within a default', '${GONE:-${api.port}}', '${api.port}'],
  [
    'keeps a reference within a default two levels down',
    '${GONE:-${GONE2:-x${api.ports.http}y}}',
    'x${api.ports.http}y',
  ],
  ['drops a reference within a default that is not used', '${SET:-${api.port}}', 'value'],
  ['keeps a reference within a replacement', '${SET:+${db.url}}', '${db.url}'],
  ['takes a lower-case name with - and a dot for a reference', '${api-v2.port}', '${api-v2.port}'],
  ['takes an upper-case name with - and a dot for a default', '${HOST-example.com}', 'example.com'],
  ['escapes a dollar that stays', 'a $ $1', 'a $$ $$1'],
  ['escapes what comes out of a variable', '$COST', '$$9 $${db.port}'],
]

const refused: readonly (readonly [name: string, input: string, message: RegExp, suggestion?: RegExp])[] = [
  [':? on what is not set', '${GONE:?say $SET}', /^Variable 'GONE' must be set: say value\.$/],
  [':? on what is empty', '${EMPTY:?say it.}', /^Variable 'EMPTY' is empty, but must have a value: say it\.$/],
  [':? without a message', '${EMPTY:?}', /^Variable 'EMPTY' is empty, but must have a value\.$/],
  ['? on what is not set', '${GONE?}', /^Variable 'GONE' must be set\.$/],
  ['shows a reference in a message as it is', '${GONE?like ${db.port}}', /must be set: like \$\{db\.port\}\.$/],
  ['what never ends', 'a ${SET', /^'\$\{SET' has no closing brace\.$/, /'\$\$'/],
  ['what never ends because of what is in it', '${GONE:-${SET}', /^'\$\{GONE:-\$\{SET\}' has no closing brace/],
  ['a brace without its pair in a default', '${GONE:-{}', /no closing brace/, /every '\{' needs its '\}'/],
  ['empty braces', '${}', /^'\$\{\}' is neither/],
  ['a name that begins with a digit', '${1A}', /neither/],
  ['spaces around a name', '${ SET }', /neither/, /^write '\$\{SET\}'$/],
  ['an operator that is none', '${SET:=x}', /neither/, /'\$\{SET:-default\}' for a default/],
  ['a colon alone', '${SET:x}', /neither/, /'\$\{SET:-default\}' for a default/],
  ['a replacement of the shell', '${SET/a/b}', /neither/, /of the shell's forms/],
  ['a letter in a name that is not of ASCII', '${SÉT}', /neither/],
  ['a name out of a variable', '${$SET}', /neither/],
  ['a default of a reference', '${db.port:-1}', /neither/, /a reference takes no default: write '\$\{db\.port\}'/],
]

describe('interpolation, by the specification of Compose,', () => {
  for (const [name, input, expected] of filled) {
    it(name, () => {
      assert.deepEqual(interpolate(input, 'text', variables), {text: expected, findings: []})
    })
  }

  for (const [name, input, expected] of kept) {
    it(`${name} for the second stage`, () => {
      assert.deepEqual(interpolate(input, 'template', variables), {text: expected, findings: []})
    })
  }

  for (const [name, input, message, suggestion] of refused) {
    it(`refuses ${name}`, () => {
      const [finding, ...others] = interpolate(input, 'template', variables).findings
      assert.match(finding?.message ?? '', message)
      assert.notEqual(finding?.severity, 'warning')
      assert.deepEqual(others, [])
      if (suggestion) assert.match(finding?.suggestion ?? '', suggestion)
    })
  }
})

describe('interpolation of texts without end', () => {
  const long = (piece: string): string => piece.repeat(Math.floor(2 ** 20 / piece.length))

  for (const piece of ['${A:-', '${', '${a-', '${A:-{', '${A:-{} ']) {
    it(`refuses ${piece} over and over in one error`, () => {
      const {text, findings} = interpolate(long(piece), 'template', variables)
      assert.equal(text, '')
      assert.equal(findings.length, 1)
      assert.ok((findings[0]?.message.length ?? 0) < 200)
    })
  }

  it('fills in 32 levels and refuses the next', () => {
    const nested = (levels: number): string => `${'${A:-'.repeat(levels)}x${'}'.repeat(levels)}`
    assert.deepEqual(interpolate(nested(32), 'text', variables), {text: 'x', findings: []})
    assert.match(interpolate(nested(33), 'text', variables).findings[0]?.message ?? '', /deeper than 32 levels/)
  })

  it('says a few of very many problems, and an error also behind many warnings', () => {
    const names = Array.from({length: 1000}, (_, index) => `$GONE${index}`).join('')
    const {findings} = interpolate(`${names}\${}`, 'text', variables)
    assert.equal(findings.length, 11)
    assert.equal(findings.at(-1)?.severity, undefined)
  })

  it('says the same thing once', () => {
    assert.equal(interpolate(long('$GONE '), 'text', variables).findings.length, 1)
    assert.equal(interpolate(long('${}'), 'text', variables).findings.length, 1)
  })
})
