import assert from 'node:assert/strict'
import {mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {
  readEnd,
  statusOfRecord,
  statusOfUnit,
  type EndRecord,
} from '../../../../src/core/executors/systemd/end-record.js'
import {parseUnits, type UnitState} from '../../../../src/core/executors/systemd/parse-units.js'
import {runPaths} from '../../../../src/core/process/run-directory.js'
import {temporaryFolder} from '../../process/temporary.js'

const record = (result: string, kind: string, value: string): EndRecord => ({
  ...{invocation: 'abc', result, kind, value},
  uptime: 1,
})

describe('how a unit ended', () => {
  it('is a code, a signal, or neither', () => {
    assert.deepEqual(statusOfRecord(record('success', 'exited', '0')), {by: 'code', code: 0})
    assert.deepEqual(statusOfRecord(record('exit-code', 'exited', '9')), {by: 'code', code: 9})
    assert.deepEqual(statusOfRecord(record('signal', 'killed', 'TERM')), {by: 'signal', signal: 'SIGTERM'})
    assert.deepEqual(statusOfRecord(record('core-dump', 'dumped', 'ABRT')), {by: 'signal', signal: 'SIGABRT'})
    assert.equal(statusOfRecord(record('resources', '-', '-')).by, 'lost')
  })

  it('says of memory that it was memory', () => {
    const reason = 'one of its processes wanted more memory than there was for it'
    assert.deepEqual(statusOfRecord(record('oom-kill', 'killed', 'KILL')), {by: 'signal', signal: 'SIGKILL', reason})
    assert.deepEqual(statusOfRecord(record('oom-kill', 'exited', '1')), {by: 'code', code: 1, reason})
  })

  it('is read once all of it is written', () => {
    using folder = temporaryFolder()
    const paths = runPaths(path.join(folder.path, 'run'))
    assert.equal(readEnd(paths), undefined)
    mkdirSync(paths.directory)
    for (const text of [
      '',
      ' '.repeat(255) + '\n',
      'ended abc success exited 0 12.5',
      'ended abc success\n',
      'exit 0 12.5\n',
    ]) {
      writeFileSync(paths.exit, text)
      assert.equal(readEnd(paths), undefined, text)
    }
    writeFileSync(paths.exit, `ended abc success exited 0 12.5\n${' '.repeat(200)}\n`)
    assert.deepEqual(readEnd(paths), {...record('success', 'exited', '0'), uptime: 12.5})
  })

  it('is also what systemd remembers', () => {
    const [failed, killed, forgotten, never] = parseUnits(
      [
        'ActiveState=failed\nResult=exit-code\nExecMainCode=1\nExecMainStatus=3',
        'ActiveState=failed\nResult=oom-kill\nExecMainCode=2\nExecMainStatus=9',
        'ActiveState=inactive\nResult=success\nExecMainCode=0\nExecMainStatus=0\nMemoryCurrent=[not set]',
        'ActiveState=failed\nResult=resources\nExecMainCode=0\nExecMainStatus=0\nCPUUsageNSec=18446744073709551615',
      ].join('\n\n') + '\n',
    ) as readonly [UnitState, UnitState, UnitState, UnitState]
    assert.deepEqual(statusOfUnit(failed), {by: 'code', code: 3})
    assert.equal(statusOfUnit(killed)?.by, 'signal')
    assert.match(JSON.stringify(statusOfUnit(killed)), /more memory/)
    assert.equal(statusOfUnit(forgotten), undefined)
    assert.equal(forgotten.memory, undefined)
    assert.equal(statusOfUnit(never)?.by, 'lost')
    assert.equal(never.cpuNs, undefined)
  })
})
