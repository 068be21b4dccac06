import assert from 'node:assert/strict'
import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {Node} from '../../../src/core/config/node.js'
import {parsePlain} from '../../../src/core/config/parse-plain.js'
import {parseYaml} from '../../../src/core/config/parse-yaml.js'
import {Problems} from '../../../src/core/config/problems.js'
import {locationOf, sourceOf, type Span} from '../../../src/core/config/source.js'
import {seededRandom} from '../dag/random-graph.js'

const fixtures = path.join(import.meta.dirname, '../../fixtures')
const texts = readdirSync(fixtures, {recursive: true, encoding: 'utf8'})
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(path.join(fixtures, name), 'utf8'))

/** All that is told of a node: for a block that includes its place, not where it ends. */
function told(node: Node): unknown {
  if (node.kind === 'map') {
    const entries = [...node.entries].map(([name, {key, value}]) => [name, placeOf(key), told(value)])
    return {kind: node.kind, tag: node.tag, place: placeOf(node.span), entries}
  }
  if (node.kind === 'sequence') {
    return {kind: node.kind, tag: node.tag, place: placeOf(node.span), items: node.items.map(told)}
  }
  return {...node, span: [node.span.start, node.span.end]}
}

function placeOf(span: Span): unknown {
  const {line, column, length} = locationOf(span)
  return [line, column, length]
}

/** Whether it was read plainly; then it must be what the library says. */
function agrees(text: string): boolean {
  const source = sourceOf({file: 'harness.yaml', directory: '/srv/shop'}, text)
  const plain = parsePlain(source)
  if (plain === undefined) return false
  const problems = new Problems()
  const whole = parseYaml(source, problems)
  assert.deepEqual(problems.all(), [], text)
  assert.ok(whole, text)
  assert.deepEqual(told(plain), told(whole), text)
  return true
}

describe('a stack file in plain YAML', () => {
  it('is read as the library reads it', () => {
    const values = [
      ...[
        'a',
        'a b',
        'a#b',
        'a: b',
        'a:b',
        'a :b',
        'a:',
        'a #c',
        "it's",
        'http://x/y?z=1#f',
        '-v',
        '--port',
        '-',
        '- a',
      ],
      ...[
        '${A:-b}',
        '$A',
        '${db.port}',
        '"${db.port}"',
        "'a: #'",
        '"a\\n"',
        "'it''s'",
        '"a" # c',
        '"a"b',
        '"a',
        "''",
        '""',
      ],
      ...[
        '0',
        '-0',
        '+5',
        '08',
        '1.10',
        '0.5',
        '1.0',
        '.5',
        '5.',
        '1e3',
        '0x1f',
        '0o7',
        '.inf',
        '-.INF',
        '.nan',
        '1_000',
      ],
      ...['9007199254740993', '127.0.0.1', '127.0.0.1:80', '5s', '1:30', '2024-01-01', '+', '.', '..', './a', '-1.'],
      ...[
        'null',
        'Null',
        '~',
        '~a',
        'true',
        'TRUE',
        'false',
        'no',
        'on',
        'yes',
        'nullable',
        '<<',
        '=',
        '@a',
        '`a',
        '%a',
        '!a b',
      ],
      ...[
        '&a b',
        '*a',
        '|',
        '>-',
        '? a',
        ',',
        ']',
        '}',
        'a,b',
        'a]',
        'a{b',
        '# c',
        '',
        'é',
        '🙂 a',
        'a\u00a0b',
        'a  b',
        'a   ',
      ],
      ...[
        '[]',
        '{}',
        '[ ]',
        '[a]',
        '[a, b]',
        '[a,b]',
        '[a, ]',
        '[, a]',
        '[a b, "c", d: e]',
        '[a',
        '[a]b',
        '[a] # c',
        '[[1], {x: 2}]',
      ],
      ...[
        '{a: 1}',
        '{ a: 1 }',
        '{a: 1,b: 2}',
        '{a: 1, a: 2}',
        '{a:1}',
        '{a}',
        '{a: }',
        '{a: 1,}',
        '{"a": 1}',
        '{a: {b: [c, d]}}',
      ],
      ...[
        '{a: b: c}',
        '{a: b :c}',
        '{a: x:y}',
        '{a: x:}',
        '{a: -}',
        '{a: -b}',
        '{a: [-]}',
        '{a: b#c}',
        '{a: b #c}',
        '{a: ${x}}',
      ],
    ]
    for (const value of values) {
      agrees(`k: ${value}\n`)
      agrees(`k:   ${value}`)
      agrees(`k:\n  - ${value}\n  - b\nl: 1\n`)
      agrees(`k:\n- ${value}\nl: {m: ${value}, n: [${value}, ${value}]}\n`)
      agrees(`k:\n  - m: ${value}\n    n: ${value}\n`)
      agrees(`${value}: 1\n`)
      agrees(`k:\n  ${value}\n`)
      agrees(`k: ${value}\n  more\n`)
    }
  })

  it('is read as the library reads it, however its lines stand', () => {
    const lines = [
      'a:',
      'b: 1',
      '- c',
      '- d: 1',
      '-  e: 2',
      '- f:',
      '-',
      '# c',
      '',
      'a: # c',
      'g: [1]',
      'h: {i: 1}',
      '---',
      '...',
      'x',
    ]
    let plain = 0
    for (let seed = 1; seed <= 20_000; seed++) {
      const random = seededRandom(seed)
      const below = (limit: number): number => Math.floor(random() * limit)
      const one = (): string => ' '.repeat(below(2) * below(6)) + (lines[below(lines.length)] ?? '')
      const text = Array.from({length: 1 + below(6)}, one).join('\n')
      if (agrees(text)) plain += 1
    }
    assert.ok(plain > 500, `only ${plain} were plain`)
  })

  it('is what most stack files are, and stays right when they are damaged', () => {
    const pieces = [
      '${',
      '}',
      '$',
      ':',
      ': ',
      '- ',
      '-',
      '\n',
      '\n  ',
      '  ',
      ' ',
      '{',
      '[',
      ']',
      '"',
      "'",
      '~',
      '&a ',
      '*a',
      '? ',
      '#',
      ' #',
    ]
    let [plain, all] = [0, 0]
    for (const [number, text] of texts.entries()) {
      all += 1
      if (agrees(text)) plain += 1
      const random = seededRandom(number + 1)
      const below = (limit: number): number => Math.floor(random() * limit)
      for (let turn = 0; turn < 200; turn++) {
        const at = below(text.length)
        agrees(text.slice(0, at) + (pieces[below(pieces.length)] ?? '') + text.slice(at + below(3)))
      }
    }
    assert.ok(plain > all / 3, `only ${plain} of ${all} were plain`)
  })
})
