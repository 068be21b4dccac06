import {spawn, type ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import type {RemoteEnd, RemoteHost} from '../../../plugins/ssh/src/host/remote-host.js'
import {Observed} from '../../../plugins/ssh/src/observed.js'

/** A machine without a link: commands run on this one, with a home of their own. */
export interface LocalHost extends RemoteHost {
  /** As when the link is cut: all that is open is lost, and nothing leads there until `mend`. */
  cut(): void
  mend(): void
}

export interface LocalHostOptions {
  /** What its /bin/sh is. @default that of this machine */
  readonly sh?: string
  /** A program that it lacks. */
  readonly without?: string
}

/** In a view of the file system of its own, where one file is another. */
const withAnotherFile = 'mount --bind "$1" "$(readlink -f "$0")" && shift && exec "$@"'

export function localHost(home: string, {sh, without}: LocalHostOptions = {}): LocalHost {
  const other = sh !== undefined ? ['/bin/sh', sh] : without !== undefined ? [without, '/dev/null'] : undefined
  const shell = other ? ['unshare', '-m', '/bin/sh', '-c', withAnotherFile, ...other, '/bin/sh'] : ['/bin/sh']
  const reachability = new Observed<'known' | 'unknown'>('unknown')
  const open = new Set<{readonly child: ChildProcess; lose(): void}>()
  let isCut = false
  const check = (): void => {
    if (isCut) throw new Error('nothing leads there')
    reachability.set('known')
  }
  const unused = (): never => {
    throw new Error('This host cannot.')
  }
  return {
    name: 'user@local:22',
    reachability,
    connect() {
      return Promise.resolve().then(check)
    },
    async open(command) {
      await Promise.resolve()
      check()
      const [program = '', ...args] = shell
      const child = spawn(program, [...args, '-c', command], {
        detached: true,
        cwd: home,
        env: {HOME: home, PATH: '/usr/local/bin:/usr/bin:/bin', SSH_CLIENT: '127.0.0.1 1 2'},
        stdio: 'pipe',
      })
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => undefined)
      let lose = (): void => undefined
      const lost = new Promise<RemoteEnd>((resolve) => {
        lose = () => {
          resolve({by: 'lost', reason: 'the link was cut'})
        }
      })
      const entry = {child, lose}
      open.add(entry)
      const ended = once(child, 'exit').then(([code, signal]: unknown[]): RemoteEnd => {
        open.delete(entry)
        return typeof code === 'number' ? {by: 'code', code} : {by: 'signal', signal: String(signal)}
      })
      const close = (): void => {
        child.stdin.destroy()
        child.stdout.destroy()
        child.stderr.destroy()
      }
      return {
        stdin: child.stdin,
        stdout: child.stdout,
        stderr: child.stderr,
        ended: Promise.race([ended, lost]),
        resize: () => undefined,
        close,
      }
    },
    run: unused,
    put: unused,
    dial: unused,
    listen: unused,
    cut() {
      isCut = true
      reachability.set('unknown')
      for (const one of open) {
        const {child} = one
        one.lose()
        child.stdin?.destroy()
        child.stdout?.destroy()
        child.stderr?.destroy()
      }
      open.clear()
    },
    mend() {
      isCut = false
      reachability.set('known')
    },
    /** What is asked there ends at once: nobody writes into its home any more. */
    async [Symbol.asyncDispose]() {
      isCut = true
      for (const {child} of open) {
        const ended = child.exitCode === null && child.signalCode === null && once(child, 'exit')
        child.kill('SIGKILL')
        await ended
      }
    },
  }
}
