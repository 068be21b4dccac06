import {StringDecoder} from 'node:string_decoder'
import {isPrintable} from '../../core/base/printable.js'

/** What a key comes to. */
export type KeyEffect = {readonly echo: string} | {readonly send: string} | 'leave'

const ctrl = {c: '\x03', d: '\x04', p: '\x10', q: '\x11', u: '\x15'} as const
const erase = '\b \b'
/** Arrow keys and the like. */
const escapes = /\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O.|.)?/gs

/**
 * Typing a line as at a terminal that nobody has set up: shown as it is typed, sent with Enter, taken back with Backspace and Ctrl-U. Ctrl-P Ctrl-Q
 * leaves, and so do Ctrl-C, and Ctrl-D in an empty line.
 */
export class LineEditor {
  private line: string[] = []
  private readonly decoder = new StringDecoder('utf8')
  private heldP = false

  type(bytes: Uint8Array): readonly KeyEffect[] {
    const text = this.decoder.write(Buffer.from(bytes)).replaceAll(escapes, '')
    const effects: KeyEffect[] = []
    for (const key of text) {
      effects.push(...this.press(key))
      if (effects.at(-1) === 'leave') break
    }
    return effects
  }

  private press(key: string): readonly KeyEffect[] {
    const afterP = this.heldP
    this.heldP = key === ctrl.p
    switch (key) {
      case ctrl.q:
        return afterP ? ['leave'] : []
      case ctrl.c:
        return ['leave']
      case ctrl.d:
        return this.line.length === 0 ? ['leave'] : this.send('')
      case '\r':
      case '\n':
        return [{echo: '\r\n'}, ...this.send('\n')]
      case '\x7f':
      case '\b':
        return this.line.pop() === undefined ? [] : [{echo: erase}]
      case ctrl.u:
        return [{echo: erase.repeat(this.line.splice(0).length)}]
      default:
        return this.add(key)
    }
  }

  private add(key: string): readonly KeyEffect[] {
    if (!isPrintable(key)) return []
    this.line.push(key)
    return [{echo: key}]
  }

  private send(end: string): readonly KeyEffect[] {
    return [{send: this.line.splice(0).join('') + end}]
  }
}
