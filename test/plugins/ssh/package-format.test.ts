import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {readFile, stat, utimes, writeFile} from 'node:fs/promises'
import {describe, it} from 'mocha'
import {buildPackage} from '../../../plugins/ssh/src/package/archive/build-package.js'
import {readArchive} from '../../../plugins/ssh/src/package/archive/read-archive.js'
import {PackageProblem} from '../../../plugins/ssh/src/package/problem.js'
import {seededRandom} from '../../support/seeded-random.js'
import {PackageFolder, sleeper, sleeperScript} from './package-folder.js'
import {packed, type TarEntry} from './ustar.js'

async function reasonOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    assert.ok(error instanceof PackageProblem, String(error))
    assert.doesNotMatch(error.message, /\n/)
    return error.reason
  }
  throw new Error('nothing was wrong with it')
}

async function sleeperFolder(): Promise<PackageFolder> {
  const folder = await PackageFolder.make()
  await folder.define(sleeper)
  await folder.write('bin/main', sleeperScript, 0o755)
  return folder
}

describe('a package', () => {
  it('is the same byte for byte, whenever, by whomever and wherever it is built', async () => {
    await using one = await sleeperFolder()
    await using other = await sleeperFolder()
    await other.write('bin/main', sleeperScript, 0o700)
    await utimes(other.at('bin/main'), 1, 1)
    const [first, second] = await Promise.all(
      [one, other].map((folder) => buildPackage(folder.path, folder.at('out.tgz'))),
    )
    assert.equal(first!.sha256, second!.sha256)
    assert.equal(
      first!.sha256,
      createHash('sha256')
        .update(await readFile(first!.file))
        .digest('hex'),
    )
    assert.equal(first!.size, (await stat(first!.file)).size)
    // Built again over itself, it is not part of itself.
    assert.equal((await buildPackage(one.path, one.at('out.tgz'))).sha256, first!.sha256)
  })

  it('has other archives among its files, and none of its own versions', async () => {
    await using folder = await sleeperFolder()
    for (const name of ['left-pad-1.3.0.tgz', 'sleeper-0.9.0.tgz', 'sleeper-0.9.1.tgz.0a1b2c3d'])
      await folder.write(name, name)
    const {manifest} = await buildPackage(folder.path, folder.at('out.tgz'))
    assert.deepEqual(
      manifest.files.map(({path}) => path),
      ['bin/main', 'left-pad-1.3.0.tgz'],
    )
  })

  it('has its times in whole milliseconds', async () => {
    await using folder = await sleeperFolder()
    // 16100.000000000002, of which no timer can be made
    await folder.define({...sleeper, health: {tcp: 1, timeout: '16.1s'}})
    const {manifest} = await buildPackage(folder.path, folder.at('out.tgz'))
    assert.equal(manifest.health?.timeoutMs, 16_100)
  })

  it('has what include says, without what exclude says, links as links, and long names', async () => {
    await using folder = await sleeperFolder()
    const long = `lib/${'deep/'.repeat(30)}${'x'.repeat(90)}/ünï.js`
    await folder.define({...sleeper, include: ['bin/**', 'lib/**', 'manifest.json'], exclude: ['**/*.test.js']})
    for (const name of [long, 'lib/.hidden', 'lib/a.test.js', 'other/b.js', 'manifest.json'])
      await folder.write(name, name)
    await folder.link('bin/alias', 'main')
    await folder.link('lib/up', '../bin')
    const {manifest} = await buildPackage(folder.path, folder.at('out.tgz'))
    assert.deepEqual(
      manifest.files.map(({path}) => path),
      ['bin/alias', 'bin/main', 'lib/.hidden', long, 'lib/up', 'manifest.json'],
    )
    assert.deepEqual(
      manifest.files.flatMap((file) => ('link' in file ? [file.link] : [])),
      ['main', '../bin'],
    )
  })

  for (const target of ['/etc/passwd', '../../etc', '..', '../lib/../../x'])
    it(`has no link to ${target}`, async () => {
      await using folder = await sleeperFolder()
      await folder.link('bad', target)
      assert.match(await reasonOf(buildPackage(folder.path, folder.at('out.tgz'))), /^the path 'bad' leads to /)
    })

  const wrong: readonly (readonly [string, object, RegExp])[] = [
    ['a key that is not known', {...sleeper, binary: 'x'}, /the file has no key 'binary'; it has name, /],
    ['no name', {...sleeper, name: undefined}, /'name' is missing: lower case letters/],
    ['a name that is no folder', {...sleeper, name: '../x'}, /'name' must be lower case letters.*and is "\.\.\/x"/],
    [
      'a version that is none',
      {...sleeper, version: '1.0'},
      /'version' must be a semantic version, like 1\.2\.0, and is "1\.0"/,
    ],
    ['no start', {...sleeper, start: undefined}, /'start' is missing/],
    [
      'a binary that is not there',
      {...sleeper, binaries: {main: 'bin/other'}},
      /'binaries\.main' is 'bin\/other', which is not among its files/,
    ],
    ['a binary outside', {...sleeper, binaries: {main: '../main'}}, /'binaries\.main' leads out of the package/],
    ['a working_dir that is not there', {...sleeper, start: {binary: 'main', working_dir: 'x'}}, /no file is in there/],
    [
      'two kinds of health',
      {...sleeper, health: {tcp: 1, http: 'http://x'}},
      /exactly one of http, tcp, command, and has http and tcp/,
    ],
    ['no kind of health', {...sleeper, health: {interval: '1s'}}, /and has none/],
    [
      'a duration that is none',
      {...sleeper, health: {tcp: 1, interval: 'soon'}},
      /'health\.interval' must be a duration/,
    ],
    [
      'a pause of no time',
      {...sleeper, health: {tcp: 1, start_interval: 0}},
      /'health\.start_interval' must be at least 1ms, and is 0/,
    ],
    ['a port that is none', {...sleeper, health: {tcp: 70_000}}, /'health\.tcp' must be a port/],
    ['an empty script', {...sleeper, pre_install: []}, /'pre_install' must be a line for the shell/],
    ['no files', {...sleeper, include: ['nothing']}, /it has no files/],
  ]
  for (const [what, definition, words] of wrong)
    it(`is not built with ${what}`, async () => {
      await using folder = await sleeperFolder()
      await folder.define(definition)
      assert.match(await reasonOf(buildPackage(folder.path, folder.at('out.tgz'))), words)
    })

  it('is not built from what is no YAML, or has a program that is not executable', async () => {
    await using folder = await sleeperFolder()
    await folder.write('harness-package.yaml', 'name: [')
    assert.match(await reasonOf(buildPackage(folder.path)), /^it is no YAML: .*line 1/)
    await folder.define(sleeper)
    await folder.write('bin/main', sleeperScript, 0o644)
    assert.match(await reasonOf(buildPackage(folder.path)), /'bin\/main', which is not executable/)
  })
})

const content = 'exec true\n'
const sha256 = createHash('sha256').update(content).digest('hex')
const file = {path: 'bin/main', size: content.length, mode: '755', sha256}

/** A package of one program, with other files in its manifest, and other entries after it. */
function forged(files: readonly object[], entries: readonly TarEntry[], more: object = {}): Buffer {
  const manifest = {format: 1, ...sleeper, files, ...more}
  return packed([{name: 'manifest.json', content: JSON.stringify(manifest)}, ...entries])
}

const entry = {name: 'files/bin/main', content, mode: 0o755}

describe('reading a package', () => {
  const read = async (archive: Buffer) => {
    await using folder = await PackageFolder.make()
    await writeFile(folder.at('a.tgz'), archive)
    return await readArchive(folder.at('a.tgz'), 'a.tgz')
  }

  it('takes one that is whole', async () => {
    assert.equal((await read(forged([file], [entry]))).manifest.files.length, 1)
  })

  const link = {path: 'l', link: 'bin'}
  const bad: readonly (readonly [string, Buffer, RegExp])[] = [
    [
      'another content',
      forged([file], [{...entry, content: 'exec fals\n'}]),
      /'bin\/main' is not the file .*checksum differs/,
    ],
    ['another size', forged([file], [{...entry, content: 'x'}]), /has 1 bytes, and 10 by its manifest/],
    ['another mode', forged([file], [{...entry, mode: 0o4755}]), /has mode 4755, and 755/],
    [
      'a file too many',
      forged([file], [entry, {...entry, name: 'files/x'}]),
      /'files\/x' is in it and not at its place/,
    ],
    ['a file too few', forged([file, {...file, path: 'b'}], [entry]), /ends before 'b'/],
    ['a hard link', forged([file], [{name: entry.name, type: '1', link: '/etc/passwd'}]), /is no plain file/],
    ['a folder', forged([file], [{name: 'files', type: '5'}]), /not at its place/],
    ['a link in place of a file', forged([file], [{name: entry.name, type: '2', link: '/'}]), /is no plain file/],
    ['another link', forged([link], [{name: 'files/l', type: '2', link: '/'}]), /is not the link to 'bin'/],
    ['no manifest', packed([entry]), /does not begin with manifest\.json/],
    ['nothing', packed([]), /it is empty/],
    ['a manifest that is no JSON', packed([{name: 'manifest.json', content: '{'}]), /its manifest is no JSON/],
    ['a newer manifest', forged([file], [entry], {format: 2}), /made by a newer harness/],
    ['a checksum that is none', forged([{...file, sha256: 'x'}], [entry]), /must be a checksum in hex/],
    ['a mode with the right of its owner', forged([{...file, mode: '4755'}], [entry]), /must be '644' or '755'/],
    ['what is no archive', Buffer.from('hello'), /no archive of a package/],
    [
      'a file beneath a link',
      forged([link, {...file, path: 'l/x'}], []),
      /'l\/x' lies beneath 'l', which is no folder/,
    ],
    ['a path twice', forged([file, file], []), /'bin\/main' is there twice/],
  ]
  for (const [what, archive, words] of bad)
    it(`refuses ${what}`, async () => {
      assert.match(await reasonOf(read(archive)), words)
    })

  for (const name of ['/etc/x', '../x', 'a/../../x', 'a//b', './a', 'a\\b', 'a\nb', 'a/', '.'])
    it(`refuses the path ${JSON.stringify(name)}`, async () => {
      const reason = await reasonOf(read(forged([{...file, path: name}], [{...entry, name: `files/${name}`}])))
      assert.match(reason, /^the path '.*' (is absolute|leads out|is not in its shortest form|has a backslash)/)
    })

  it('finds each cut, and lets no flipped byte change anything', async () => {
    await using folder = await sleeperFolder()
    await folder.write('lib/data', Buffer.alloc(3000, 'abcdefg'))
    const built = await buildPackage(folder.path, folder.at('out.tgz'))
    const whole = await readFile(built.file)
    for (let length = 0; length < whole.length; length += 7) {
      const reason = await reasonOf(read(whole.subarray(0, length)))
      assert.match(reason, /cut off|is empty|damaged|ends before/)
    }
    const random = seededRandom(8)
    for (let round = 0; round < 300; round += 1) {
      const damaged = Buffer.from(whole)
      const at = Math.floor(random() * whole.length)
      damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << Math.floor(random() * 8)), at)
      const found = await read(damaged).catch((error: unknown) => error)
      if (found instanceof PackageProblem) continue
      // What the head of a gzip file says beside its content.
      assert.deepEqual((found as typeof built).manifest, built.manifest, `byte ${at}`)
    }
  })
})
