import {createHash} from 'node:crypto'

/** Agents take letters, digits, `_` and `-`, and no more than 64 of them. */
const longest = 64
const hashLength = 8

export interface Named {
  readonly words: readonly string[]
  /** What tells it from all others. */
  readonly identity: string
}

/** A name for each, of its words. One that had to be changed, or would be another's as well, ends with a hash: the same each time. */
export function toolNames(all: readonly Named[]): readonly string[] {
  const plain = all.map(({words}) => words.join('_'))
  const counts = new Map<string, number>()
  for (const name of plain) counts.set(name, (counts.get(name) ?? 0) + 1)
  return all.map(({identity}, at) => {
    const name = plain[at] ?? ''
    const isUsable = /^[\w-]+$/.test(name) && name.length <= longest && counts.get(name) === 1
    return isUsable ? name : hashed(name, identity)
  })
}

function hashed(name: string, identity: string): string {
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, hashLength)
  return `${name.replace(/[^\w-]/g, '_').slice(0, longest - hashLength - 1)}_${hash}`
}
