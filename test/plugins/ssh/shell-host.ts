import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {createWriteStream} from 'node:fs'
import {chmod, rename} from 'node:fs/promises'
import {connect} from 'node:net'
import {Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {pipeline} from 'node:stream/promises'
import type {RemoteChannel, RemoteEnd, RemoteHost} from '../../../plugins/ssh/src/host/remote-host.js'

export interface ShellHostOptions {
  /** The home folder there. */
  readonly home: string
  /** Where it looks for programs. */
  readonly path?: string
  readonly shell?: readonly [string, ...string[]]
}

/** This machine as if it were another: no connection, the shell itself. */
export function shellHost({home, path = process.env['PATH'] ?? '', shell = ['/bin/sh']}: ShellHostOptions): RemoteHost {
  const [program, ...args] = shell
  const open = (command: string, signal?: AbortSignal): RemoteChannel => {
    const child = spawn(program, [...args, '-c', command], {cwd: home, env: {HOME: home, PATH: path}})
    child.stdin.on('error', () => undefined)
    const close = (): void => void child.kill('SIGKILL')
    const ended = once(child, 'close').then(([code, by]: readonly unknown[]): RemoteEnd => {
      signal?.removeEventListener('abort', close)
      return typeof code === 'number' ? {by: 'code', code} : {by: 'signal', signal: String(by)}
    })
    signal?.addEventListener('abort', close)
    return {stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, ended, close, resize: () => undefined}
  }
  return {
    name: 'me@here:22',
    reachability: {current: 'known', onChange: () => ({[Symbol.dispose]: () => undefined})},
    connect: () => Promise.resolve(),
    open: (command, {signal}) => Promise.resolve(open(command, signal)),
    async run(command, {input, signal}) {
      const channel = open(command, signal)
      channel.stdin.end(input)
      const [stdout, stderr, end] = await Promise.all([buffer(channel.stdout), buffer(channel.stderr), channel.ended])
      signal.throwIfAborted()
      return {stdout, stderr, end}
    },
    async put(content, file, {mode = 0o600, signal}) {
      const from = content instanceof Uint8Array ? Readable.from([content]) : content
      await pipeline(from, createWriteStream(`${file}.part`), {signal})
      await chmod(`${file}.part`, mode)
      await rename(`${file}.part`, file)
    },
    async dial({host, port}) {
      const socket = connect({host, port})
      await once(socket, 'connect')
      return Object.assign(socket, {[Symbol.dispose]: () => void socket.destroy()})
    },
    listen: () => Promise.reject(new Error('not here')),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
