import type {InputTaker} from './feed-input.js'
import {LineEditor} from './line-editor.js'

/** Lines that are typed at the terminal, for a program that has none. Without a taker only the keys that leave are heard. */
export function typeInto(taker: InputTaker | undefined, leave: () => void): Disposable {
  const {stdin, stdout} = process
  const editor = new LineEditor()
  const hear = (bytes: Buffer): void => {
    for (const effect of editor.type(bytes)) {
      if (effect === 'leave') leave()
      else if ('send' in effect) void taker?.write(Buffer.from(effect.send))
      else if (taker) stdout.write(effect.echo)
    }
  }
  stdin.on('data', hear)
  stdin.once('end', leave)
  return {
    [Symbol.dispose]() {
      stdin.off('data', hear)
      stdin.off('end', leave)
      stdin.pause()
      stdin.unref()
    },
  }
}
