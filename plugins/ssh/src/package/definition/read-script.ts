import type {Script} from '../manifest.js'
import type {Field} from './fields.js'

/** A line for the shell, or a program with its arguments. */
export function readScript(field: Field): Script | undefined {
  const what = 'a line for the shell, or a list of a program and its arguments'
  if (!Array.isArray(field.value)) return field.text(what)
  if (field.value.length === 0) throw field.expected(what)
  return field.texts(what)
}
