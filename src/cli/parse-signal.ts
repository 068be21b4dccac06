import {HarnessError} from '../core/base/errors.js'
import {signalNames, toSignal} from '../core/base/signal-name.js'
import {suggest} from '../core/config/suggest.js'

/** A signal as it was typed: `HUP`, `sighup`, `1`. USAGE, with what was probably meant, for anything else. */
export function parseSignal(typed: string): NodeJS.Signals {
  const signal = toSignal(typed)
  if (signal !== undefined) return signal
  const near = suggest(typed.toUpperCase().replace(/^SIG/, ''), signalNames.map(short))
  throw new HarnessError('USAGE', {
    subject: typed,
    reason: 'it is no signal; expected a name like HUP, INT, TERM or USR1, or its number',
    hint: near === undefined ? 'See `kill -l` for all of them.' : `Did you mean '${near}'?`,
  })
}

function short(name: string): string {
  return name.slice(3)
}
