import {spawn, type ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import type {Readable, Writable} from 'node:stream'
import type {ExitStatus} from '../../contract/command.js'
import type {Session} from '../../contract/session.js'
import {readOutput} from './read-output.js'
import type {SessionLaunch} from './session-launch.js'
import {refusedSession} from './refused-session.js'
import {written} from './written.js'
import {sessionTree, type SessionTree} from './session-tree.js'

/** Runs a command with pipes, in a session of its own. */
export async function openPipeSession(launch: SessionLaunch): Promise<Session> {
  const child = spawn(launch.program, launch.args, {
    argv0: launch.name,
    cwd: launch.cwd,
    env: launch.env,
    detached: true,
    stdio: 'pipe',
  })
  const {pid} = child
  if (pid === undefined) {
    const [error] = (await once(child, 'error')) as [Error]
    return refusedSession(126, `the system cannot run '${launch.name}': ${error.message}`)
  }
  const exited = exitOf(child)
  return pipeSession(child, {tree: sessionTree(pid, launch), exited, launch})
}

interface Parts {
  readonly tree: SessionTree
  readonly exited: Promise<ExitStatus>
  readonly launch: SessionLaunch
}

function pipeSession(
  {stdin, stdout, stderr}: {readonly stdin: Writable; readonly stdout: Readable; readonly stderr: Readable},
  {tree, exited, launch}: Parts,
): Session {
  stdin.on('error', () => undefined)
  if (launch.lead !== undefined) stdin.write(launch.lead)
  // What was left in the background would hold the pipes open.
  const over = exited.then(() => tree.end({hangUp: false})).catch(() => undefined)
  return {
    output: readOutput(
      [
        {stream: 'stdout', readable: stdout},
        {stream: 'stderr', readable: stderr},
      ],
      over,
      launch.host.clock,
    ),
    ended: exited,
    write: (bytes) => written(stdin, bytes),
    endInput: () =>
      new Promise((resolve) => {
        stdin.end(resolve)
      }),
    resize: () => undefined,
    signal(signal) {
      tree.signal(signal)
    },
    async [Symbol.asyncDispose]() {
      stdin.destroy()
      stdout.destroy()
      stderr.destroy()
      await tree.end({hangUp: true})
    },
  }
}

function exitOf(child: ChildProcess): Promise<ExitStatus> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal === null ? {by: 'code', code: code ?? 0} : {by: 'signal', signal})
    })
  })
}
