import assert from 'node:assert/strict'
import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {withEngine} from '../plugins/docker/with-engine.js'
import {Sandbox, until} from '../support/harness.js'
import {openClient} from './support/daemon.js'
import {processorSeconds, watchDaemon} from './support/daemon-watch.js'
import {container, DockerStack} from './support/docker-stack.js'
import {followLogs} from './support/log-follower.js'
import {measured, size} from './support/sizes.js'

const megabytes = size({quick: 50, full: 1000})
const patience = size({quick: 60_000, full: 600_000})
const lineBytes = 200
const lines = (megabytes * 1e6) / lineBytes

/** Numbered lines of 200 bytes, as fast as they can be printed. */
const printer = `BEGIN { f = sprintf("%187s", ""); gsub(/ /, "x", f); for (i = 0; i < ${lines}; i++) printf "%011d %s\\n", i, f }`

describe(`a container that prints ${megabytes} MB`, function () {
  this.timeout(patience)
  const engine = withEngine()

  it('costs the daemon at most 64 MB, and its reader has every line', async () => {
    await using sandbox = await Sandbox.make()
    const go = path.join(sandbox.folder, 'go')
    await mkdir(go)
    const script = `while [ ! -e /go/go ]; do sleep 0.05; done; awk '${printer}'; sleep 100000`
    const stack = await DockerStack.make(sandbox, engine(), {
      writer: container(script, {volumes: [`${go}:/go:ro`], shutdown_timeout: '0s', logs: {max_size: '2GB', keep: 1}}),
    })
    await using client = await openClient(sandbox)
    await stack.load(client)
    await stack.start(client)
    const {pid} = client.hello.daemon
    const checkDaemon = await watchDaemon(client, stack.id)
    let count = 0
    const wrong: string[] = []
    await using _reader = followLogs(sandbox, [], (line) => {
      if (Number(line.slice(line.indexOf('│') + 2).slice(0, 11)) !== count) wrong.push(`${count}: ${line.slice(0, 30)}`)
      count += 1
    })
    const [began, spent] = [systemClock.monotonic(), await processorSeconds(pid)]
    await writeFile(path.join(go, 'go'), '')
    await until(() => wrong.length > 0 || count >= lines, 'the reader has every line', patience)
    const seconds = (systemClock.monotonic() - began) / 1000
    measured('read', `in ${seconds.toFixed(1)} s, ${(megabytes / seconds).toFixed(0)} MB/s`)
    const used = (await processorSeconds(pid)) - spent
    measured('processor time of the daemon', `${used.toFixed(1)} s, ${((used / megabytes) * 1000).toFixed(1)} s per GB`)
    assert.deepEqual(wrong.slice(0, 3), [])
    assert.equal(count, lines)
    await checkDaemon()
    await stack.stop(client)
  })
})
