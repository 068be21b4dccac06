import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {appendFile, mkdir, readdir, readFile, readlink, rm, symlink, writeFile} from 'node:fs/promises'
import {describe, it} from 'mocha'
import type {RemoteHost} from '../../../plugins/ssh/src/host/remote-host.js'
import {buildPackage} from '../../../plugins/ssh/src/package/archive/build-package.js'
import {confirm, deploy, takeBack, tidy, type Trial} from '../../../plugins/ssh/src/package/install/deploy.js'
import type {LocalPackage} from '../../../plugins/ssh/src/package/install/install-version.js'
import {lockPlace} from '../../../plugins/ssh/src/package/install/lock.js'
import {makePlace, type Place} from '../../../plugins/ssh/src/package/install/place.js'
import {prune} from '../../../plugins/ssh/src/package/install/prune.js'
import {readVersion} from '../../../plugins/ssh/src/package/install/read-version.js'
import {rollback} from '../../../plugins/ssh/src/package/install/rollback.js'
import {scriptText} from '../../../plugins/ssh/src/package/install/run-script.js'
import {readInstalled} from '../../../plugins/ssh/src/package/install/state.js'
import {until} from '../../support/harness.js'
import {needs} from '../../support/needs.js'
import {PackageFolder, sleeper, sleeperScript} from './package-folder.js'
import {shellHost} from './shell-host.js'

const busybox = '/usr/bin/busybox'
/** What is used there beside the shell, without `flock`. */
const applets = [
  'sh',
  'cat',
  'cut',
  'date',
  'du',
  'grep',
  'gunzip',
  'ln',
  'mkdir',
  'mv',
  'readlink',
  'rm',
  'rmdir',
  'sha256sum',
  'sleep',
  'tar',
  'true',
]

function hasBusybox(): boolean {
  try {
    return execFileSync(busybox, ['true']).length === 0
  } catch {
    return false
  }
}

async function busyboxHost(folder: PackageFolder): Promise<RemoteHost> {
  await mkdir(folder.at('programs'))
  for (const applet of applets) await symlink(busybox, folder.at('programs', applet))
  return shellHost({home: folder.path, path: folder.at('programs'), shell: [busybox, 'sh']})
}

const machines: Readonly<Record<string, (folder: PackageFolder) => Promise<RemoteHost>>> = {
  'a machine with GNU programs': (folder) => Promise.resolve(shellHost({home: folder.path})),
  'a machine with busybox and without flock': busyboxHost,
}

for (const [machine, open] of Object.entries(machines))
  describe(`packages on ${machine}`, function () {
    this.timeout(60_000)

    before(function () {
      needs(this, !machine.includes('busybox') || hasBusybox(), 'busybox')
    })

    it('installs a version, switches to the next, and takes one back', async () => {
      await using there = await Machine.make(open)
      const one = await there.build('1.0.0', {pre_install: 'test ! -e ../../../current; echo pre >>../../../said'})
      const first = await there.deploy(one)
      assert.equal(first?.before, null)
      await confirm(there.place, first)
      assert.equal(await there.current(), first.id)
      assert.match(first.id, /^1\.0\.0-[0-9a-f]{12}$/)
      assert.equal(await readFile(there.at('current/files/bin/main'), 'utf8'), sleeperScript)
      assert.deepEqual(await readdir(there.at('uploads')), [])
      assert.equal(await there.deploy(one), undefined)
      assert.equal(await readFile(there.at('said'), 'utf8'), 'pre\n')

      const two = await there.build('2.0.0', {
        post_install: [
          'sh',
          '-c',
          'readlink ../../../current >>../../../said; echo $A $HARNESS_PACKAGE_VERSION >>../../../said',
        ],
      })
      const second = await there.deploy(two, {A: "it's"})
      assert.equal(second?.before, first.id)
      assert.equal(await readFile(there.at('said'), 'utf8'), `pre\nversions/${second.id}\nit's 2.0.0\n`)
      await takeBack(there.place, second, {reason: 'it is bad', at: '2026-01-01T00:00:00Z'})
      assert.equal(await there.current(), first.id)
      const {state, versions} = await readInstalled(there.place)
      assert.deepEqual(state, {
        previous: null,
        trial: null,
        refused: {id: second.id, by: 'health', reason: 'it is bad', at: '2026-01-01T00:00:00Z'},
      })
      assert.deepEqual(versions.map(({version}) => version).sort(), ['1.0.0', '2.0.0'])

      there.said.length = 0
      const again = await there.deploy(two)
      assert.ok(again && !there.said.some((line) => line.startsWith('sending')), 'it was sent twice')
      await confirm(there.place, again)
      assert.deepEqual((await readInstalled(there.place)).state, {previous: first.id, trial: null, refused: null})
      assert.equal((await readVersion(there.place, again.id)).version, '2.0.0')
    })

    it('says how far it is', async () => {
      await using there = await Machine.make(open)
      await there.deploy(
        await there.build(
          '1.0.0',
          {},
          {'lib/data': Buffer.from(Array.from({length: 300_000}, (_, index) => (index * index) % 251))},
        ),
      )
      const sent = there.said.filter((line) => line.startsWith('sending'))
      assert.match(sent[0] ?? '', /^sending 1\.0\.0-[0-9a-f]{12}\.tgz to me@here:22: \d+%$/)
      assert.match(sent.at(-1) ?? '', /100%$/)
    })

    it('switches nothing when a script fails before, and back when one fails after', async () => {
      await using there = await Machine.make(open)
      const first = await there.confirmed('1.0.0')
      for (const name of ['pre_install', 'post_install']) {
        const bad = await there.build('2.0.0', {[name]: 'echo one; echo two >&2; echo three >&2; exit 3'})
        await assert.rejects(there.deploy(bad), {
          code: 'DEPLOY_FAILED',
          message: new RegExp(`^${name} of 2\\.0\\.0-\\w+ ended with 3; it printed: two / three\\.$`, 'i'),
        })
        assert.equal(await there.current(), first.id)
        assert.equal((await readInstalled(there.place)).state.trial, null)
      }
    })

    it('leaves no first version that could not be set up', async () => {
      await using there = await Machine.make(open)
      await assert.rejects(there.deploy(await there.build('1.0.0', {post_install: 'false'})), {code: 'DEPLOY_FAILED'})
      assert.equal(await there.current(), null)
    })

    it('does not switch to what arrived damaged', async () => {
      await using there = await Machine.make(open)
      const first = await there.confirmed('1.0.0')
      const two = await there.build('2.0.0')
      const other = await there.build('2.0.0', {}, {'bin/main': `${sleeperScript}# another\n`})
      await assert.rejects(there.deploy({...two, file: other.file}), {
        code: 'DEPLOY_FAILED',
        message: /^What arrived on me@here:22 is not what was sent: \.\/files\/bin\/main: FAILED\.$/,
      })
      await writeFile(two.file, (await readFile(two.file)).subarray(0, 200))
      await assert.rejects(there.deploy(two), {code: 'DEPLOY_FAILED', message: /^Cannot unpack 2\.0\.0/})
      assert.equal(await there.current(), first.id)
      await there.confirmed('3.0.0')
      assert.deepEqual((await readdir(there.at('versions'))).map((id) => id.slice(0, 5)).sort(), ['1.0.0', '3.0.0'])
      assert.deepEqual(await readdir(there.at('uploads')), [])
    })

    it('takes an interrupted deploy back before the next', async () => {
      await using there = await Machine.make(open)
      const first = await there.confirmed('1.0.0')
      const two = await there.build('2.0.0')
      const interrupted = await there.deploy(two)
      assert.equal(interrupted?.before, first.id)
      assert.equal((await there.deploy(two))?.before, first.id)
      assert.equal((await there.deploy(await there.build('3.0.0')))?.before, first.id)
    })

    it('leaves the version before current when it is given up while a script runs', async () => {
      await using there = await Machine.make(open)
      const first = await there.confirmed('1.0.0')
      const given = new AbortController()
      const two = await there.build('2.0.0', {post_install: ': >../../../begun; exec sleep 600'})
      const deploying = there.deploy(two, {}, given.signal)
      await until(async () => (await readdir(there.at('.'))).includes('begun'), 'the script runs')
      given.abort()
      await assert.rejects(deploying, {name: 'AbortError'})
      assert.equal(await there.current(), first.id)
      assert.equal((await readInstalled(there.place)).state.trial, null)
    })

    it('takes back nothing that somebody else has gone on from', async () => {
      await using there = await Machine.make(open)
      await there.confirmed('1.0.0')
      const lost = await there.deploy(await there.build('2.0.0'))
      const third = await there.confirmed('3.0.0')
      assert.ok(lost)
      await takeBack(there.place, lost)
      assert.equal(await there.current(), third.id)
    })

    it('rolls an interrupted deploy back to what it came in place of', async () => {
      await using there = await Machine.make(open)
      await there.confirmed('1.0.0')
      const second = await there.confirmed('2.0.0')
      const third = await there.deploy(await there.build('3.0.0'))
      assert.deepEqual(await rollback(there.place, undefined, 'now'), {from: third?.id, to: second.id})
    })

    it('rolls back by hand, to the version before or to any', async () => {
      await using there = await Machine.make(open)
      const first = await there.confirmed('1.0.0')
      await assert.rejects(rollback(there.place, undefined, 'now'), /There is no version before the current one/)
      const second = await there.confirmed('2.0.0')
      assert.deepEqual(await rollback(there.place, undefined, 'now'), {from: second.id, to: first.id})
      assert.equal(await there.current(), first.id)
      const {state} = await readInstalled(there.place)
      assert.deepEqual(state.refused, {id: second.id, by: 'hand', reason: 'rolled back to 1.0.0', at: 'now'})
      assert.equal(state.previous, second.id)
      assert.deepEqual(await rollback(there.place, '2.0.0', 'now'), {from: first.id, to: second.id})
      await assert.rejects(rollback(there.place, second.id, 'now'), /^Error: 2\.0\.0 is the current version already\.$/)
      await assert.rejects(
        rollback(there.place, '9.0.0', 'now'),
        /9\.0\.0 is not in .*; it has 1\.0\.0-\w+, 2\.0\.0-\w+\.$/,
      )
    })

    it('prunes old versions, and never one that is needed', async () => {
      await using there = await Machine.make(open)
      for (const version of ['1.0.0', '2.0.0', '3.0.0', '4.0.0'])
        await there.confirmed(version, {pre_remove: `echo ${version} >>../../../removed`})
      await rollback(there.place, '1.0.0', 'now')
      const would = await prune(there.place, {keep: 0, dryRun: true})
      assert.deepEqual(would.map(({version}) => version).sort(), ['2.0.0', '3.0.0'])
      assert.equal((await readdir(there.at('versions'))).length, 4)
      await prune(there.place, {keep: 0, dryRun: false})
      assert.deepEqual((await readdir(there.at('versions'))).map((id) => id.slice(0, 5)).sort(), ['1.0.0', '4.0.0'])
      assert.deepEqual((await readFile(there.at('removed'), 'utf8')).trim().split('\n').sort(), ['2.0.0', '3.0.0'])
      assert.deepEqual(await prune(there.place, {keep: 5, dryRun: false}), [])
    })

    it('lets one wait for the other, and says for whom', async () => {
      await using there = await Machine.make(open)
      const first = await lockPlace(there.place, 'api 1.0.0 by me')
      const second = lockPlace(there.place, 'api 2.0.0 by you')
      await until(() => there.said.includes('waiting on me@here:22 for api 1.0.0 by me'), 'the second waits')
      let over = false
      const taken = second.then((lock) => {
        assert.ok(over, 'both had it')
        return lock
      })
      over = true
      await first[Symbol.asyncDispose]()
      await using held = await taken
      assert.equal(held.lost.aborted, false)
    })

    it('gives the lock back when its holder is gone', async () => {
      await using there = await Machine.make(open)
      const cut = new AbortController()
      const first = await lockPlace({...there.place, signal: cut.signal}, 'first')
      cut.abort()
      await until(() => first.lost.aborted, 'its holder knows')
      await using second = await lockPlace(there.place, 'second')
      assert.equal(second.lost.aborted, false)
    })

    if (machine.includes('busybox'))
      it('waits, and says so, while somebody else takes the lock of a holder that is gone away', async () => {
        await using there = await Machine.make(open)
        await mkdir(there.at('lock.folder'))
        await writeFile(there.at('lock.folder/pid'), '4194305\n')
        await mkdir(there.at('lock.break'))
        const given = new AbortController()
        const locking = lockPlace({...there.place, signal: given.signal}, 'next')
        locking.catch(() => undefined)
        try {
          await until(() => there.said.some((line) => line.startsWith('waiting')), 'it waits')
          await rm(there.at('lock.break'), {recursive: true})
          await using held = await locking
          assert.equal(held.lost.aborted, false)
        } finally {
          given.abort()
        }
      })

    if (machine.includes('busybox'))
      it('waits for no lock of a folder that is gone', async () => {
        await using there = await Machine.make(open)
        await mkdir(there.at('lock.folder'))
        const given = new AbortController()
        const locking = lockPlace({...there.place, signal: given.signal}, 'next')
        locking.catch(() => undefined)
        try {
          await until(() => there.said.some((line) => line.startsWith('waiting')), 'it waits')
          await rm(there.at('.'), {recursive: true})
          await assert.rejects(locking, {code: 'DEPLOY_FAILED', message: /its folder was removed\.$/})
        } finally {
          given.abort()
        }
      })

    it('does not wait any more once it is taken back', async () => {
      await using there = await Machine.make(open)
      await using first = await lockPlace(there.place, 'first')
      const taken = new AbortController()
      const second = lockPlace({...there.place, signal: taken.signal}, 'second')
      await until(() => there.said.some((line) => line.includes('for first')), 'the second waits')
      taken.abort()
      await assert.rejects(second, {name: 'AbortError'})
      assert.equal(first.lost.aborted, false)
    })
  })

describe('a script of a package', () => {
  it('has its variables also where `sh` is bash, which lets nobody set some', () => {
    const env = {PPID: 'five', SHELLOPTS: '', UID: '1000', WORD: "it's"}
    const input = scriptText(['sh', '-c', 'pwd; env'], '/', env)
    const said = execFileSync('bash', ['--posix'], {input, encoding: 'utf8'}).split('\n')
    for (const line of ['/', "WORD=it's", 'UID=1000']) assert.ok(said.includes(line), line)
  })
})

/** A machine on which packages are installed. */
class Machine implements AsyncDisposable {
  private constructor(
    private readonly folder: PackageFolder,
    readonly place: Place,
    readonly said: string[],
  ) {}

  static async make(open: (folder: PackageFolder) => Promise<RemoteHost>): Promise<Machine> {
    const folder = await PackageFolder.make()
    const said: string[] = []
    const say = (message: string): void => void said.push(message)
    const host = await open(folder)
    const place = await makePlace('~/in stalled', 'sleeper', {host, say, signal: new AbortController().signal})
    return new Machine(folder, place, said)
  }

  at(name: string): string {
    return this.folder.at('in stalled', name)
  }

  async current(): Promise<string | null> {
    const link = await readlink(this.at('current')).catch(() => null)
    return link && link.replace('versions/', '')
  }

  private built = 0

  async build(
    version: string,
    more: object = {},
    files: Readonly<Record<string, Buffer | string>> = {},
  ): Promise<LocalPackage> {
    this.built += 1
    const source = `source-${this.built}`
    await this.folder.write(`${source}/harness-package.yaml`, JSON.stringify({...sleeper, version, ...more}))
    await this.folder.write(`${source}/bin/main`, sleeperScript, 0o755)
    for (const [name, content] of Object.entries(files))
      await appendFile(this.folder.at(source, await this.made(source, name)), content)
    return await buildPackage(this.folder.at(source), this.folder.at(`${source}.tgz`))
  }

  async deploy(found: LocalPackage, env = {}, signal = this.place.signal): Promise<Trial | undefined> {
    return await deploy({...this.place, signal}, await tidy(this.place), found, {scripts: {}, env})
  }

  async confirmed(version: string, more: object = {}): Promise<Trial> {
    const trial = await this.deploy(await this.build(version, more))
    assert.ok(trial)
    await confirm(this.place, trial)
    return trial
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.folder[Symbol.asyncDispose]()
  }

  private async made(source: string, name: string): Promise<string> {
    if (!name.startsWith('bin/')) await this.folder.write(`${source}/${name}`, '')
    return name
  }
}
