import type {IPty} from '@lydell/node-pty'
import type {ExitStatus} from '../../contract/command.js'
import type {Session, TerminalSize} from '../../contract/session.js'
import {signalName} from '../exit-status.js'
import {readStat} from '../platform.js'
import {isDead} from '../identity.js'
import {loadTerminals} from './load-terminals.js'
import type {SessionLaunch} from './session-launch.js'
import {sessionTree} from './session-tree.js'
import {writeToTerminal} from './terminal-input.js'
import {onUnread} from './terminal-inside.js'
import {TerminalOutput} from './terminal-output.js'

/** The end of a file, as it is typed. */
const endOfFile = Uint8Array.of(4)

/** Runs a command with a terminal of its own. EXECUTOR_CANNOT where none can be made. */
export async function openTerminalSession(launch: SessionLaunch, {columns, rows}: TerminalSize): Promise<Session> {
  const {spawn} = await loadTerminals()
  const terminal = spawn(launch.program, [...launch.args], {
    name: launch.env['TERM'] ?? 'xterm-256color',
    cols: columns,
    rows,
    cwd: launch.cwd,
    env: {...launch.env},
    encoding: null,
  })
  return terminalSession(terminal, launch)
}

function terminalSession(terminal: IPty, launch: SessionLaunch): Session {
  const {clock} = launch.host
  const tree = sessionTree(terminal.pid, launch)
  const output = new TerminalOutput(
    {
      pause: () => {
        terminal.pause()
      },
      resume: () => {
        terminal.resume()
      },
      isOver: () => isGone(terminal.pid),
    },
    clock,
  )
  // Without an encoding these are bytes, whatever the types say.
  terminal.onData((bytes: unknown) => {
    output.push(bytes as Uint8Array)
  })
  onUnread(terminal, (bytes) => {
    output.push(bytes)
  })
  const ended = exitOf(terminal)
  void ended.then(() => {
    output.end()
    void tree.end({hangUp: false}).catch(() => undefined)
  })
  return {
    output: output.read(),
    ended,
    write: (bytes) => writeToTerminal(terminal, bytes, clock),
    endInput: () => writeToTerminal(terminal, endOfFile, clock),
    resize(size) {
      resize(terminal, size)
    },
    signal(signal) {
      tree.signal(signal)
    },
    async [Symbol.asyncDispose]() {
      output.drop()
      await tree.end({hangUp: true})
    },
  }
}

function exitOf(terminal: IPty): Promise<ExitStatus> {
  return new Promise((resolve) => {
    terminal.onExit(({exitCode, signal = 0}) => {
      const name = signalName(signal)
      resolve(name === undefined ? {by: 'code', code: exitCode} : {by: 'signal', signal: name})
    })
  })
}

/** One that has just ended has no terminal to be made larger. */
function resize(terminal: IPty, {columns, rows}: TerminalSize): void {
  try {
    terminal.resize(columns, rows)
  } catch {
    return
  }
}

function isGone(pid: number): boolean {
  const stat = readStat(pid)
  return stat === undefined || isDead(stat)
}
