import {before, describe, it} from 'mocha'
import path from 'node:path'
import {describeExecutor, type ExecutorFixture} from '../../../src/testing.js'
import {buildPackage, type BuiltPackage} from '../../../plugins/ssh/src/package/archive/build-package.js'
import {confirm, deploy, tidy} from '../../../plugins/ssh/src/package/install/deploy.js'
import {makePlace} from '../../../plugins/ssh/src/package/install/place.js'
import {packageExecutor} from '../../../plugins/ssh/src/package/target/executor.js'
import type {PackageSpec} from '../../../plugins/ssh/src/package/target/spec.js'
import {Turns} from '../../../plugins/ssh/src/package/target/turns.js'
import {never, temporaryFolder} from '../../core/process/temporary.js'
import {PackageFolder, sleeper, sleeperScript} from './package-folder.js'
import {recordIn, scriptFor, sharedFor} from './remote-parts.js'
import {shellHost} from './shell-host.js'

describe('packages over a shell of this machine', function () {
  this.timeout(60_000)
  let source: PackageFolder
  let built: BuiltPackage

  before(async () => {
    source = await PackageFolder.make()
    await source.define(sleeper)
    await source.write('bin/main', sleeperScript, 0o755)
    built = await buildPackage(source.path, source.at('sleeper.tgz'))
  })

  after(() => source[Symbol.asyncDispose]())

  /** Its version is installed already: whatever a program does then is no verdict on it. */
  async function setup(): Promise<ExecutorFixture<PackageSpec>> {
    const folder = temporaryFolder()
    const home = temporaryFolder()
    const host = shellHost({home: home.path})
    const {file} = built
    const place = await makePlace(undefined, sleeper.name, {host, signal: never, say: () => undefined})
    const trial = await deploy(place, await tidy(place), built, {scripts: {}, env: {}})
    if (trial) await confirm(place, trial)
    const make = () =>
      packageExecutor(
        sharedFor(folder.path, () => Promise.resolve(host)),
        {turns: new Turns()},
      )
    const base = path.join(home.path, '.local/state/harness-remote')
    return {
      executor: make(),
      restarted: make,
      directory: folder.path,
      invalidSpec: {host: 'local', package: 3},
      spec: (program) => ({host: 'local', package: file, binary: 'sh', args: ['-c', scriptFor(program)]}),
      copyingSpec: () => ({host: 'local', package: file, binary: 'cat', stdin: true}),
      runs: (handle) => recordIn(base, handle).runs(),
      lose(handle) {
        recordIn(base, handle).kill()
        return Promise.resolve()
      },
      [Symbol.asyncDispose]() {
        folder[Symbol.dispose]()
        home[Symbol.dispose]()
        return Promise.resolve()
      },
    }
  }

  describeExecutor('package', 'managed', setup, {describe, it})
})
