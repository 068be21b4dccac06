import assert from 'node:assert/strict'
import {mkdirSync} from 'node:fs'
import {describe, it} from 'mocha'
import {claimRun, runPaths} from '../../../src/core/process/run-directory.js'
import {limited, temporaryFolder} from './temporary.js'

describe('the claim of a daemon', () => {
  it('holds, and keeps no file open, when there is no room to write it', () => {
    using folder = temporaryFolder()
    mkdirSync(`${folder.path}/run`)
    const seen = limited(
      `trap '' XFSZ; ulimit -f 0`,
      `const {readdirSync} = await import('node:fs')
      const {claimRun, runPaths} = await open('run-directory.ts')
      const paths = runPaths(${JSON.stringify(`${folder.path}/run`)})
      const before = readdirSync('/proc/self/fd').length
      let claimed
      try { claimed = claimRun(paths) } catch (error) { claimed = error.code }
      console.log(JSON.stringify([claimed, readdirSync('/proc/self/fd').length - before]))`,
    )
    assert.deepEqual(seen, [true, 0])
    assert.equal(claimRun(runPaths(`${folder.path}/run`)), false)
  })
})
