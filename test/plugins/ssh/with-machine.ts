import assert from 'node:assert/strict'
import {rmSync} from 'node:fs'
import path from 'node:path'
import {after, before} from 'mocha'
import {LinkProxy} from '../../support/link-proxy.js'
import {needs} from '../../support/needs.js'
import {clientConfig, hasSshd, startSshd, type Sshd} from '../../support/sshd.js'
import {temporaryFolder} from '../../core/process/temporary.js'
import {endAllOf} from './remote-parts.js'

/** A machine with an sshd, behind a link that can be cut. It is this one, with a state folder of its own. */
export interface Machine {
  readonly sshd: Sshd
  readonly link: LinkProxy
  /** A configuration for `HARNESS_SSH_CONFIG`: `box` is the machine behind the link. */
  readonly config: string
  /** The folder of the agent there. */
  readonly base: string
}

export async function startMachine(): Promise<Machine & AsyncDisposable> {
  const folder = temporaryFolder()
  const sshd = await startSshd({settings: [`SetEnv XDG_STATE_HOME=${folder.path}`, 'MaxStartups 100']})
  const link = await LinkProxy.to(sshd.port)
  const base = path.join(folder.path, 'harness-remote')
  const keys = sshd.hostKeys.map((key) => `[127.0.0.1]:${link.port} ${key}\n`).join('')
  const {writeFileSync} = await import('node:fs')
  writeFileSync(sshd.knownHosts, keys, {flag: 'a'})
  return {
    sshd,
    link,
    base,
    config: clientConfig({box: {...sshd, port: link.port}}),
    async [Symbol.asyncDispose]() {
      await link[Symbol.asyncDispose]()
      endAllOf(base)
      sshd[Symbol.dispose]()
      rmSync(folder.path, {recursive: true, force: true, maxRetries: 5})
    },
  }
}

/** One for the tests of a `describe`. Skips them where there cannot be one. */
export function withMachine(): () => Machine {
  let machine: (Machine & AsyncDisposable) | undefined
  before(async function () {
    this.timeout(60_000)
    needs(this, hasSshd(), 'sshd, as root')
    machine = await startMachine()
  })
  after(async function () {
    this.timeout(60_000)
    await machine?.[Symbol.asyncDispose]()
  })
  return () => {
    assert.ok(machine, 'the machine has not started')
    return machine
  }
}
