import {printable} from '../core/base/printable.js'

/** What runs and is in the stack file no more, with what to type; nothing where there is nothing. */
export function orphanLines(orphans: readonly string[]): readonly string[] {
  if (orphans.length === 0) return []
  const what = `${orphans.join(', ')} ${orphans.length === 1 ? 'runs and is' : 'run and are'} not in the file any more`
  return [printable(`${what}. \`harness apply --remove-orphans\` stops ${orphans.length === 1 ? 'it' : 'them'}.`)]
}
