import assert from 'node:assert/strict'
import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {after, before, describe, it} from 'mocha'
import register from '../../../../plugins/graph/src/register.js'
import {openTestHost, type TestHost} from '../../../../src/testing.js'
import type {RunningStack} from '../../../../src/core/client/api/running-stack.js'
import {until} from '../../../support/harness.js'
import {programs} from './programs.js'

const hello = 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o'
const unknown = 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff55'

for (const program of programs)
  describe(`actions of ipfs: ${program}`, () => {
    let host: TestHost | undefined
    let stack: RunningStack | undefined
    before(async () => {
      host = await openTestHost({register})
      stack = await host.start({services: {ipfs: {service_type: 'ipfs', config: {from: program}, ports: {api: 0}}}})
    })
    after(async () => {
      await stack?.[Symbol.asyncDispose]()
      await host?.[Symbol.asyncDispose]()
    })

    const opened = (): {readonly host: TestHost; readonly stack: RunningStack} => {
      assert.ok(host && stack)
      return {host, stack}
    }
    const act = async (action: string, input: object): Promise<unknown> => {
      const {host, stack} = opened()
      const call = {stack: stack.stack, service: 'ipfs', action, input: input as Record<string, never>}
      return (await host.client.action.invoke(call)).output
    }

    it('adds a text, and reads it', async () => {
      assert.deepEqual(await act('add', {content: 'hello world\n'}), {hash: hello, size: 20})
      assert.deepEqual(await act('cat', {hash: hello}), {content: 'hello world\n', encoding: 'utf8', size: 12})
    })

    it('reads what is no text as base64', async () => {
      await writeFile(path.join(opened().host.folder, 'bytes'), Buffer.from([0xff, 0x00]))
      const {hash} = (await act('add', {path: 'bytes'})) as {readonly hash: string}
      assert.deepEqual(await act('cat', {hash}), {content: '/wA=', encoding: 'base64', size: 2})
    })

    it('adds a folder, but for what begins with a dot', async () => {
      const folder = path.join(opened().host.folder, 'build')
      await mkdir(path.join(folder, 'e/empty'), {recursive: true})
      await writeFile(path.join(folder, '.env'), 'SECRET=1')
      await writeFile(path.join(folder, 'hw.txt'), 'hello world\n')
      await writeFile(path.join(folder, 'e', 'ä b.txt'), 'hello world\n')
      const {hash, files} = (await act('add', {path: 'build'})) as {readonly hash: string; readonly files: unknown}
      assert.deepEqual(files, [
        {path: 'e/ä b.txt', hash: hello, size: 20},
        {path: 'hw.txt', hash: hello, size: 20},
      ])
      assert.deepEqual(await act('cat', {hash: `${hash}/e/ä b.txt`}), {
        content: 'hello world\n',
        encoding: 'utf8',
        size: 12,
      })
    })

    it('pins, lists and unpins', async () => {
      const {hash} = (await act('add', {content: 'pin me'})) as {readonly hash: string}
      const isListed = async (): Promise<boolean> => {
        const {pins} = (await act('list-pins', {})) as {readonly pins: readonly {readonly hash: string}[]}
        return pins.some((pin) => pin.hash === hash)
      }
      assert.ok(await isListed())
      assert.deepEqual(await act('unpin', {hash}), {hash})
      assert.ok(!(await isListed()))
      await assert.rejects(act('unpin', {hash}), {code: 'ACTION_FAILED', message: /not pinned/})
      assert.deepEqual(await act('pin', {hash}), {hash})
      assert.ok(await isListed())
    })

    it('says which IPFS it is', async () => {
      const {implementation, agent} = (await act('version', {})) as Record<string, string>
      assert.equal(implementation, program === 'builtin' ? 'built-in' : 'kubo')
      assert.match(agent ?? '', program === 'builtin' ? /^harness-ipfs\// : /^kubo\//)
      const {services} = await opened().stack.status()
      assert.equal(services[0]?.outputs['implementation'], program === 'builtin' ? 'built-in' : 'Kubo')
    })

    it('says at once what it does not have', async () => {
      for (const action of ['cat', 'pin'])
        await assert.rejects(act(action, {hash: unknown}), {
          code: 'ACTION_FAILED',
          message: new RegExp(`IPFS does not have ${unknown}`),
        })
    })

    it('says what it cannot read', async () => {
      await assert.rejects(act('add', {path: 'nothing-here'}), {message: /there is no file or folder nothing-here/})
      await mkdir(path.join(opened().host.folder, 'folder'), {recursive: true})
      const {hash} = (await act('add', {path: 'folder'})) as {readonly hash: string}
      await assert.rejects(act('cat', {hash}), {message: /IPFS refuses cat: this dag node is a directory/})
      await assert.rejects(act('cat', {hash: hello, max_bytes: 3}), {message: /has more than 3 bytes/})
    })

    it('takes a text or a path, and not both', async () => {
      for (const input of [{}, {content: 'a', path: 'b'}])
        await assert.rejects(act('add', input), {code: 'ACTION_FAILED', message: /either 'content' or 'path'/})
    })

    it('refuses wrong input, and names the field', async () => {
      for (const [action, input, field] of [
        ['add', {path: ''}, /path/],
        ['add', {content: 1}, /content/],
        ['cat', {hash: 'Qmfoo'}, /hash/],
        ['pin', {hash: `${hello}/file`}, /hash/],
        ['cat', {hash: hello, max_bytes: 0}, /max_bytes/],
      ] as const)
        await assert.rejects(act(action, input), {code: 'ACTION_INPUT_INVALID', message: field})
    })

    it('keeps what was added over a crash, and nothing over a stop', async () => {
      const {host, stack} = opened()
      const pidOf = async (): Promise<number | null | undefined> => {
        const {services} = await stack.status()
        return services[0]?.state === 'Running' ? services[0].pid : undefined
      }
      const {hash} = (await act('add', {content: 'kept'})) as {readonly hash: string}
      const before = await pidOf()
      assert.ok(before)
      process.kill(before, 'SIGKILL')
      await until(async () => ![undefined, null, before].includes(await pidOf()), 'it runs again', 30_000)
      assert.deepEqual(await act('cat', {hash}), {content: 'kept', encoding: 'utf8', size: 4})
      const services = ['ipfs']
      await host.client.service.stop({stack: stack.stack, services, dependents: 'stop'})
      await assert.rejects(act('cat', {hash}), {code: 'SERVICE_NOT_RUNNING'})
      await host.client.service.start({stack: stack.stack, services})
      await assert.rejects(act('cat', {hash}), {message: /IPFS does not have/})
    })
  })
