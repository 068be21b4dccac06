import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {separateCommand} from '../../../src/cli/session/separate-command.js'
import Exec from '../../../src/commands/exec.js'

const separated = (line: string): string => separateCommand(line.split(' '), Exec.flags).join(' ')

describe('separateCommand', () => {
  it('takes all behind the service for the command, its flags too', () => {
    assert.equal(separated('api ls -la'), 'api -- ls -la')
    assert.equal(separated('-T --stack shop -c one.yaml api ls -c x'), '-T --stack shop -c one.yaml api -- ls -c x')
    assert.equal(separated('--config=one.yaml api ls'), '--config=one.yaml api -- ls')
    assert.equal(
      separated('--daemon wss://there:1 -e A=1 -w /tmp api ls'),
      '--daemon wss://there:1 -e A=1 -w /tmp api -- ls',
    )
    assert.equal(separated('api'), 'api --')
    assert.equal(separated('-T'), '-T')
  })
  it('leaves a line alone in which somebody did it', () => {
    assert.equal(separated('api --stack shop -- ls -- x'), 'api --stack shop -- ls -- x')
  })
})
