import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {tableLines} from '../../src/cli/table.js'

const same = (text: string): string => text

describe('a table', () => {
  it('has its columns in line, whatever the colours', () => {
    const red = (text: string): string => `\x1B[31m${text}\x1B[39m`
    const lines = tableLines(
      [
        {name: 'db', state: 'Running'},
        {name: 'graph-node', state: 'Größe'},
      ],
      [
        {title: 'NAME', cell: ({name}) => ({text: name, paint: red})},
        {title: 'STATE', cell: ({state}) => state},
      ],
      same,
    )
    assert.deepEqual(lines, [
      'NAME        STATE',
      '\x1B[31mdb\x1B[39m          Running',
      '\x1B[31mgraph-node\x1B[39m  Größe',
    ])
  })

  it('leaves out columns in which nothing stands, unless they are always shown', () => {
    const rows = [{name: 'db'}]
    const columns = [
      {title: 'NAME', cell: ({name}: {name: string}) => name},
      {title: 'WHY', cell: () => ''},
      {title: 'STATE', hideEmpty: false, cell: () => ''},
    ]
    assert.deepEqual(tableLines(rows, columns, same), ['NAME  STATE', 'db'])
  })

  it('keeps control sequences from the terminal, wherever they stand', () => {
    const evil = '\x1B]0;owned\x07host\x1B[2J\nnext'
    const columns = [
      {title: 'PLAIN', cell: ({text}: {text: string}) => text},
      {title: 'PAINTED', cell: ({text}: {text: string}) => ({text, paint: same})},
    ]
    assert.deepEqual(tableLines([{text: evil}], columns, same), ['PLAIN      PAINTED', 'host next  host next'])
  })

  it('cuts its last column at the edge of the screen', () => {
    const columns = [
      {title: 'NAME', cell: ({name}: {name: string}) => name},
      {title: 'WHY', cell: ({why}: {why: string}) => why},
    ]
    const rows = [{name: 'db', why: 'a reason that is much too long for it'}]
    assert.deepEqual(tableLines(rows, columns, same, 30), ['NAME  WHY', 'db    a reason that is much t…'])
    assert.deepEqual(tableLines(rows, columns, same).at(-1), 'db    a reason that is much too long for it')
  })
})
