import {StringDecoder} from 'node:string_decoder'
import {spawn, type IPty} from '@lydell/node-pty'
import {bin, until, type Sandbox} from './harness.js'

/** The real command line at a real terminal. */
export interface AtTerminal extends AsyncDisposable {
  readonly pty: IPty
  /** All that the terminal has shown. */
  readonly text: () => string
  /** The same as it came. */
  readonly bytes: () => Buffer
  readonly ended: Promise<number>
  shows(text: RegExp | string): Promise<void>
}

/** Runs `harness` at a terminal of 100 by 30. */
export function atTerminal(sandbox: Sandbox, ...args: readonly string[]): AtTerminal {
  return programAtTerminal(sandbox, process.execPath, [bin, ...args])
}

export function programAtTerminal(sandbox: Sandbox, program: string, args: readonly string[]): AtTerminal {
  const pty = spawn(program, [...args], {
    name: 'xterm-256color',
    cols: 100,
    rows: 30,
    cwd: sandbox.folder,
    env: sandbox.env,
    encoding: null,
  })
  const decoder = new StringDecoder('utf8')
  const chunks: Buffer[] = []
  let text = ''
  pty.onData((data) => {
    // Without an encoding bytes come, whatever the types say.
    const bytes = Buffer.from(data)
    chunks.push(bytes)
    text += decoder.write(bytes)
  })
  const ended = new Promise<number>((resolve) => {
    pty.onExit(({exitCode, signal}) => {
      resolve(signal ? 128 + signal : exitCode)
    })
  })
  return {
    pty,
    text: () => text,
    bytes: () => Buffer.concat(chunks),
    ended,
    async shows(wanted) {
      const holds = (): boolean => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text))
      await until(holds, `the terminal shows ${String(wanted)}`).catch((error: unknown) => {
        throw new Error(`The terminal shows:\n${text}`, {cause: error})
      })
    },
    async [Symbol.asyncDispose]() {
      pty.kill('SIGKILL')
      await ended
    },
  }
}
