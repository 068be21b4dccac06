import {constants} from 'node:os'

/** All signals of this machine. */
export const signalNames = Object.keys(constants.signals) as readonly NodeJS.Signals[]

/** A signal by its name in any case, with or without SIG, or by its number; `undefined` for what is none. */
export function toSignal(text: string): NodeJS.Signals | undefined {
  const upper = text.toUpperCase()
  if (/^\d+$/.test(upper)) return signalNames.find((name) => constants.signals[name] === Number(upper))
  const name = upper.startsWith('SIG') ? upper : `SIG${upper}`
  return signalNames.find((known) => known === name)
}
