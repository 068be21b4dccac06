import type {Answer} from '../agent/shell.js'

/** What the verb `check` answers: the length of the first in bytes, then both. */
export function placesIn({bytes}: Pick<Answer, 'bytes'>): {readonly cwd: string; readonly program: string} {
  const at = bytes.indexOf('\n') + 1
  const end = at + Number(bytes.toString('latin1', 0, at))
  return {cwd: bytes.toString('utf8', at, end), program: bytes.toString('utf8', end)}
}
