import type {TerminalSize} from '../../core/contract/session.js'

/** Of the terminal that is printed to, or of the one that is typed at. */
export function terminalSize(): TerminalSize {
  const {stdout, stderr} = process
  const shown = stdout.isTTY ? stdout : stderr
  return {columns: shown.columns || 80, rows: shown.rows || 24}
}

/** Hears each new size of the terminal. */
export function followSize(wanted: boolean, onSize: (size: TerminalSize) => void): Disposable {
  if (!wanted) return {[Symbol.dispose]: () => undefined}
  const hear = (): void => {
    onSize(terminalSize())
  }
  process.on('SIGWINCH', hear)
  // It may have changed while the command was being started.
  hear()
  return {
    [Symbol.dispose]() {
      process.off('SIGWINCH', hear)
    },
  }
}

/** Every key goes to the program, Ctrl-C too, and nothing is echoed here. Taken back at the end, however this process ends. */
export function rawKeyboard(wanted: boolean): Disposable {
  const {stdin} = process
  if (!wanted || !stdin.isTTY) return {[Symbol.dispose]: () => undefined}
  const restore = (): void => {
    stdin.setRawMode(false)
  }
  process.once('exit', restore)
  stdin.setRawMode(true)
  return {
    [Symbol.dispose]() {
      process.off('exit', restore)
      restore()
    },
  }
}
