import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {readDotenv, type DotenvOptions} from '../../../src/core/config/dotenv.js'

const callers: Readonly<Record<string, string>> = {HOME: '/home/ann', EMPTY: '', SHARED: 'of the caller'}
const variables = (name: string): string | undefined => (Object.hasOwn(callers, name) ? callers[name] : undefined)

function read(text: string, options: DotenvOptions = {}) {
  const {variables: found, problems} = readDotenv(text, {variables, ...options})
  return {found: Object.fromEntries(found), problems}
}

type Case = readonly [name: string, input: string, expected: Readonly<Record<string, string>>]

// From "Env_file format" of the Compose specification.
const compose: readonly Case[] = [
  ['reads NAME=value', 'A=b', {A: 'b'}],
  ['passes over comments and empty lines', '# one\n\n  # two\n \t\nA=b\n#', {A: 'b'}],
  ['reads a last line with and without its end', 'A=1\nB=2', {A: '1', B: '2'}],
  ['takes the line ends of Windows, also within quotes', 'A=1\r\nB="x\r\ny"\r\nC=\r\n', {A: '1', B: 'x\ny', C: ''}],
  ['takes a byte order mark', '\uFEFFA=1', {A: '1'}],
  ['takes export', 'export A=1\n  export\tB = 2', {A: '1', B: '2'}],
  ['takes a variable called export', 'export=1', {export: '1'}],
  ['takes a colon as separator', 'A: b\nB:c', {A: 'b', B: 'c'}],
  ['takes spaces around the separator', 'A = b\nB\t=\tc', {A: 'b', B: 'c'}],
  ['takes an empty value', 'A=\nB=""\nC=\'\'', {A: '', B: '', C: ''}],
  ['takes the caller’s value of a name alone', 'HOME\nexport EMPTY', {HOME: '/home/ann', EMPTY: ''}],
  ['leaves out a name alone that the caller has not', 'GONE', {}],
  ['leaves a value alone when its name comes again without one', 'A=1\nA', {A: '1'}],
  ['takes the last of equal names', 'A=1\nA=2', {A: '2'}],
  [
    'takes names with dots, dashes, brackets, digits and letters of all languages',
    'a.b-c[0]=1\n1A=2\nÜ=3',
    {'a.b-c[0]': '1', '1A': '2', Ü: '3'},
  ],
  ['takes __proto__ for a name like any other', '__proto__=1', Object.fromEntries([['__proto__', '1']])],
  ['takes = and : within a value', 'A=b=c\nB=http://x:1', {A: 'b=c', B: 'http://x:1'}],
  ['keeps spaces within a value and drops those around it', 'A=  b  c  ', {A: 'b  c'}],
  ['ends a value at a # with a space before it', 'A=VAL # comment\nB=VAL\t# comment', {A: 'VAL', B: 'VAL'}],
  [
    'keeps a # without a space before it',
    'A=VAL# no comment\nB=#FFF\nC=a#b',
    {A: 'VAL# no comment', B: '#FFF', C: 'a#b'},
  ],
  ['takes a comment for an empty value', 'A= # comment', {A: ''}],
  ['keeps backslashes without quotes', 'A=some\\tvalue', {A: 'some\\tvalue'}],
  ['keeps quotes that do not stand first', 'A=it\'s "so"', {A: 'it\'s "so"'}],
  ['takes single quotes as they are', "A='$HOME ${HOME} \\n # x \"'", {A: '$HOME ${HOME} \\n # x "'}],
  ['takes an escaped single quote', "A='Let\\'s go!'", {A: "Let's go!"}],
  ['keeps two backslashes in single quotes', "A='a\\\\'", {A: 'a\\\\'}],
  ['takes double quotes with # and spaces', 'A=" VAL # no comment "', {A: ' VAL # no comment '}],
  ['takes a comment behind quotes', 'A="VAL" # comment\nB=\'VAL\'# comment', {A: 'VAL', B: 'VAL'}],
  ['takes escaped double quotes', 'A="{\\"hello\\": \\"json\\"}"', {A: '{"hello": "json"}'}],
  ['takes escapes in double quotes', 'A="a\\tb\\nc\\rd\\\\e"', {A: 'a\tb\nc\rd\\e'}],
  ['takes escapes in octal', 'A="\\0101\\0102"', {A: 'AB'}],
  ['keeps what is no escape', 'A="\\q\\x41"', {A: '\\q\\x41'}],
  ['takes values of several lines', 'A="one\n# two\nB=3"\nC=\'x\ny\'\nD=4', {A: 'one\n# two\nB=3', C: 'x\ny', D: '4'}],
  ['fills in without quotes', 'A=$HOME/a:${HOME}', {A: '/home/ann/a:/home/ann'}],
  ['fills in within double quotes', 'A="$HOME/a"', {A: '/home/ann/a'}],
  ['fills in what stands further up', 'A=1\nB=${A}2\nC="$B"', {A: '1', B: '12', C: '12'}],
  [
    'fills in the caller’s value rather than that further up',
    'SHARED=of the file\nA=$SHARED',
    {SHARED: 'of the file', A: 'of the caller'},
  ],
  ['fills in defaults and replacements', 'A=${GONE:-${EMPTY:-d}}\nB=${HOME:+r}', {A: 'd', B: 'r'}],
  ['fills in values of several lines', 'A="x\n${HOME}"', {A: 'x\n/home/ann'}],
  [
    'does not fill in behind an escape or $$',
    'A="\\$HOME"\nB=$$HOME\nC="$$HOME"',
    {A: '$HOME', B: '$HOME', C: '$HOME'},
  ],
  ['keeps a dollar that begins nothing', 'A=pa$$w$1rd$', {A: 'pa$w$1rd$'}],
  ['does not look into a value that was filled in', "A='$HOME'\nB=$A", {A: '$HOME', B: '$HOME'}],
  ['reads nothing out of nothing', '', {}],
]

const raw: readonly Case[] = [
  ['keeps quotes', 'A="b"\nB=\'c\'', {A: '"b"', B: "'c'"}],
  ['keeps dollars', 'A=$HOME ${HOME} $$', {A: '$HOME ${HOME} $$'}],
  ['keeps comments, backslashes and spaces of a value', 'A= b # c\\n ', {A: ' b # c\\n '}],
  ['passes over comments and empty lines', '# x\n\n  # y\n  A=1', {A: '1'}],
  ['takes the caller’s value of a name alone', 'HOME\nGONE', {HOME: '/home/ann'}],
  ['takes the line ends of Windows', 'A=1\r\nB=\r\n', {A: '1', B: ''}],
  ['takes the last of equal names', 'A=1\nA=2', {A: '2'}],
  ['does not take a colon as separator', 'A:b=c', {'A:b': 'c'}],
]

const refused: readonly (readonly [name: string, input: string, line: number, column: number, message: RegExp])[] = [
  ['a line that is none', 'A=1\nnot a line\nB=2', 2, 1, /^This line is neither NAME=value nor a comment\.$/],
  ['a value without a name', 'A=1\n  =x\nB=2', 2, 3, /^A name is missing here\.$/],
  ['a name with a space', 'A=1\nX Y=x\nB=2', 2, 1, /^'X Y' cannot be the name of a variable/],
  ['a name with a sign', 'A=1\nX!=x\nB=2', 2, 1, /^'X!' cannot be the name of a variable/],
  ['text behind quotes', 'A=1\nX="x" y\nB=2', 2, 6, /^After the value of X in quotes only a comment may follow\.$/],
  ['a second variable behind quotes', 'A=1\nX="x" Y=2\nB=2', 2, 6, /only a comment/],
  ['an expression that never ends', 'A=1\nX=${HOME\nB=2', 2, 3, /^X: '\$\{HOME' has no closing brace/],
  ['a variable that must be set', 'A=1\nX=${GONE:?why}\nB=2', 2, 3, /^X: Variable 'GONE' must be set: why\.$/],
  ['a reference', 'A=1\nX=${db.port}\nB=2', 2, 3, /^X: The reference '\$\{db\.port\}' cannot stand here/],
  ['a NUL in a value', 'A=1\nX=a\0b\nB=2', 2, 3, /^The value of X has a NUL/],
]

describe('a file of variables', () => {
  for (const [name, input, expected] of compose) {
    it(name, () => {
      assert.deepEqual(read(input), {found: expected, problems: []})
    })
  }

  for (const [name, input, line, column, message] of refused) {
    it(`refuses ${name}, and reads the others`, () => {
      const {found, problems} = read(input)
      assert.deepEqual([problems[0]?.line, problems[0]?.column, problems[0]?.severity], [line, column, 'error'])
      assert.equal(problems.length, 1)
      assert.match(problems[0]?.message ?? '', message)
      assert.deepEqual([found['A'], found['B']], ['1', '2'])
    })
  }

  for (const quote of ['"', "'"]) {
    it(`refuses a ${quote} that never ends, with the place where it begins`, () => {
      const {found, problems} = read(`A=1\n\nX=${quote}secret\nB=2\n`)
      assert.deepEqual(found, {A: '1'})
      assert.deepEqual([problems.length, problems[0]?.line, problems[0]?.column], [1, 3, 3])
      assert.doesNotMatch(problems[0]?.message ?? '', /secret/)
    })
  }

  it('counts lines also behind values of several lines', () => {
    const {problems} = read('A="1\n2\n3"\nnot a line\nB="x\n"\n=')
    assert.deepEqual(
      problems.map(({line}) => line),
      [4, 7],
    )
  })

  it('warns of a variable that is not set', () => {
    const {found, problems} = read('A=x$GONE')
    assert.deepEqual(found, {A: 'x'})
    assert.deepEqual(
      problems.map(({line, column, severity}) => [line, column, severity]),
      [[1, 3, 'warning']],
    )
  })

  it('reads on behind very many warnings, and stops at twenty errors', () => {
    const {found, problems} = read(`${'A=$GONE\n'.repeat(1000)}B=1\n${'x y\n'.repeat(1000)}C=1`)
    assert.equal(problems.length, 40)
    assert.deepEqual(Object.keys(found), ['A', 'B'])
  })

  it('is read in its full length, whatever is in it', () => {
    const long = (piece: string): string => piece.repeat(2 ** 20 / piece.length)
    assert.equal(read(`A="${long('\\n')}"`).found['A']?.length, 2 ** 19)
    for (const text of [`A${long(' ')}!`, `A=${long(' #')}`, `A="${long('\\')}`, `${long('x ')}=`]) read(text)
  })
})

describe('a raw file of variables', () => {
  for (const [name, input, expected] of raw) {
    it(name, () => {
      assert.deepEqual(read(input, {format: 'raw'}), {found: expected, problems: []})
    })
  }

  it('refuses a name with a space, as in export', () => {
    const {problems} = read('A=1\nexport B=2', {format: 'raw'})
    assert.deepEqual(
      problems.map(({line, severity}) => [line, severity]),
      [[2, 'error']],
    )
  })
})
