import {constants} from 'node:os'
import {describeNode, type Place} from './node.js'
import type {Reading} from './reading.js'
import {readText} from './values.js'

/** A signal's name, in any case, with or without SIG. */
export function readSignal(reading: Reading, place: Place | undefined): NodeJS.Signals | undefined {
  const text = readText(reading, place)?.toUpperCase()
  if (place === undefined || text === undefined) return undefined
  const name = text.startsWith('SIG') ? text : `SIG${text}`
  if (isSignal(name)) return name
  const message = `${place.path} must be a signal, like TERM, INT or QUIT, got ${describeNode(place.node)}.`
  reading.problems.add(place, {code: 'CONFIG_INVALID_VALUE', message})
  return undefined
}

function isSignal(name: string): name is NodeJS.Signals {
  return Object.hasOwn(constants.signals, name)
}
