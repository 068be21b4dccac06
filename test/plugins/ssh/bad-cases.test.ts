import assert from 'node:assert/strict'
import {existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {before, describe, it} from 'mocha'
import {remoteAttachExecutor} from '../../../plugins/ssh/src/attach/executor.js'
import {linesOf, never} from '../../core/process/temporary.js'
import {needs} from '../../support/needs.js'
import {localScene} from './local-scene.js'
import {refusal} from './ssh-parts.js'

const context = {signal: never, progress: () => undefined}

describe('a service on another machine that cannot be started', function () {
  this.timeout(60_000)

  it('says that its program is not there, where it was looked for, and on which machine', async () => {
    await using on = localScene()
    const missing = await refusal(on.start(on.request('', {binary: 'no-such-program'})))
    assert.equal(missing.code, 'SERVICE_START_FAILED')
    assert.match(missing.reason ?? '', /^binary 'no-such-program' was not found in PATH \(.*\) on user@local:22$/)
    const folder = await refusal(on.start(on.request('', {binary: '/etc'})))
    assert.match(folder.reason ?? '', /^binary '\/etc' is not a file on/)
    const text = await refusal(on.start(on.request('', {binary: '/etc/passwd'})))
    assert.match(text.reason ?? '', /^binary '\/etc\/passwd' is not executable: permission denied on/)
  })

  it('says that its working directory is not there', async () => {
    await using on = localScene()
    const {reason, hint} = await refusal(on.start(on.request('true', {working_dir: 'no/where'})))
    assert.match(reason ?? '', /^the working directory 'no\/where' does not exist on user@local:22$/)
    assert.match(hint, /working_dir/)
  })

  it('says what the machine said of a program that it cannot run', async () => {
    await using on = localScene()
    writeFileSync(path.join(on.home, 'odd'), '#!/no/such/interpreter\n', {mode: 0o755})
    const handle = await on.start(on.request('', {binary: './odd'}))
    const status = await handle.wait()
    assert.ok(
      status.by === 'code' && /cannot run it: .*odd.*No such file/.test(status.startFailure ?? ''),
      JSON.stringify(status),
    )
    handle.release()
  })

  it('says that the machine is not reached, with the reason of the host', async () => {
    await using on = localScene()
    on.host.cut()
    await assert.rejects(on.start(on.request('true')), /nothing leads there/)
  })

  it('says what the machine lacks', async function () {
    needs(this, process.getuid?.() === 0, 'root')
    await using on = localScene({without: '/usr/bin/setsid'})
    const {code, reason, hint} = await refusal(on.start(on.request('true')))
    assert.equal(code, 'EXECUTOR_UNAVAILABLE')
    assert.match(`${reason ?? ''} ${hint}`, /user@local:22 cannot run services: the program 'setsid' is not there/)
  })

  it('says that its home cannot be written to', async () => {
    await using on = localScene()
    writeFileSync(path.join(on.home, '.local'), '')
    const {code, reason} = await refusal(on.start(on.request('true')))
    assert.equal(code, 'EXECUTOR_UNAVAILABLE')
    assert.match(reason ?? '', /Not a directory/)
    rmSync(path.join(on.home, '.local'))
    const handle = await on.start(on.request('echo after'))
    assert.deepEqual(await handle.wait(), {by: 'code', code: 0})
    assert.deepEqual(await linesOf(handle), ['stdout: after'])
    handle.release()
  })

  it('says why a process is not attached', async () => {
    await using on = localScene()
    const executor = remoteAttachExecutor(on.shared)
    const reasonOf = async (spec: object): Promise<string> =>
      (await refusal(executor.start({...on.request(''), spec: {host: 'local', ...spec} as never}, context))).reason ??
      ''
    assert.match(await reasonOf({pid_file: 'pid'}), /^the pid file 'pid' does not exist on/)
    writeFileSync(path.join(on.home, 'pid'), 'none')
    assert.match(await reasonOf({pid_file: 'pid'}), /holds no process number, expected digits/)
    writeFileSync(path.join(on.home, 'pid'), '99999999\n')
    assert.match(await reasonOf({pid_file: 'pid'}), /^process 99999999 of the pid file 'pid' does not run/)
    assert.match(await reasonOf({process_name: 'no-such-name'}), /^no process is called 'no-such-name'/)
  })
})

describe('what a service on another machine is started with', function () {
  this.timeout(60_000)

  it('comes byte for byte, and stands in no list of arguments but its own', async () => {
    await using on = localScene()
    const odd = [`a'b"c`, 'new\nline', '$(touch x) `y` \\', '', ' ', 'ünïcode \u{1f600}', '-n', '*', '~']
    const request = on.request('', {binary: 'sh', args: ['-c', `printf '%s\\0' "$@" "$SECRET" "$PWD"`, 'sh', ...odd]})
    const handle = await on.start({...request, env: {SECRET: `s3cret '"\n$x`}})
    assert.deepEqual(await handle.wait(), {by: 'code', code: 0})
    const [source] = handle.logs
    const {bytes} = await source!.read(0, 10_000)
    assert.deepEqual(Buffer.from(bytes).toString().split('\0').slice(0, -1), [...odd, `s3cret '"\n$x`, on.home])
    handle.release()
  })

  it('is found again by a daemon that has only the intent, and ends by its cookie where the records are gone', async () => {
    await using on = localScene()
    const request = on.request('trap "" TERM; while :; do sleep 1; done')
    const handle = await on.start(request)
    handle.release()
    rmSync(path.join(on.base, 'runs', request.instance), {recursive: true})
    assert.equal(await on.executor.recover(on.executor.intent(request), never), undefined)
    assert.deepEqual(on.left(request.instance), [])
    const late = await refusal(on.start(request))
    assert.equal(late.code, 'SERVICE_START_FAILED')
    assert.deepEqual(on.left(request.instance), [])
  })

  it('is not begun by a shell that is late: who decides takes the claim', async () => {
    await using on = localScene()
    const request = on.request('exec sleep 600')
    // As when the shim has just been started, and has not come to its claim.
    await on.start(on.request('true')).then((handle) => handle.wait())
    mkdirSync(path.join(on.base, 'runs', request.instance), {mode: 0o700})
    writeFileSync(path.join(on.base, 'runs', request.instance, 'command'), '')
    assert.equal(await on.executor.recover(on.executor.intent(request), never), undefined)
  })

  it('leaves nothing when the start is taken back', async () => {
    await using on = localScene()
    const request = on.request('exec sleep 600')
    const taken = new AbortController()
    const starting = on.executor.start(request, {signal: taken.signal, progress: () => undefined})
    taken.abort(new Error('taken back'))
    await assert.rejects(starting, /taken back/)
    assert.equal(await on.executor.recover(on.executor.intent(request), never), undefined)
    assert.deepEqual(on.left(request.instance), [])
  })
})

for (const shell of ['/usr/bin/bash', '/usr/bin/busybox']) {
  describe(`a machine whose /bin/sh is ${shell}`, function () {
    this.timeout(60_000)
    before(function () {
      needs(this, process.getuid?.() === 0 && existsSync(shell), `${shell}, as root`)
    })

    it('runs services, finds them again, and ends hostile ones', async () => {
      await using on = localScene({sh: shell})
      const hostile = `(setsid sh -c "trap '' TERM; while :; do sleep 1; done" &)`
      const handle = await on.start(on.request(`${hostile}; echo here; exec sleep 600`))
      for await (const event of handle.events) if (event.kind === 'line') break
      const found = await on.restarted().recover(handle.save(), never)
      assert.ok(found)
      assert.deepEqual(found.place, handle.place)
      const command = {program: 'sh', args: ['-c', 'exit 4'], env: {}}
      assert.deepEqual((await found.exec?.(command, never))?.status, {by: 'code', code: 4})
      assert.deepEqual(await found.stop({graceMs: 300}), {by: 'signal', signal: 'SIGTERM'})
      assert.deepEqual(await handle.wait(), {by: 'signal', signal: 'SIGTERM'})
      assert.deepEqual(await linesOf(handle), ['stdout: here'])
      assert.deepEqual(on.left(handle.save().state.instance), [])
      found.release()
      handle.release()
    })
  })
}
