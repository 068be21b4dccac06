import {toSignal} from '../base/signal-name.js'
import {describeNode, type Place} from './node.js'
import type {Reading} from './reading.js'
import {readText} from './values.js'

/** A signal's name, in any case, with or without SIG. */
export function readSignal(reading: Reading, place: Place | undefined): NodeJS.Signals | undefined {
  const text = readText(reading, place)
  if (place === undefined || text === undefined) return undefined
  const signal = /^\d/.test(text) ? undefined : toSignal(text)
  if (signal !== undefined) return signal
  const message = `${place.path} must be a signal, like TERM, INT or QUIT, got ${describeNode(place.node)}.`
  reading.problems.add(place, {code: 'CONFIG_INVALID_VALUE', message})
  return undefined
}
