/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A graph without cycles, its nodes in random order: edges lead only from higher to lower numbers. */
export function randomAcyclicGraph(seed: number): Map<number, number[]> {
  const random = seededRandom(seed)
  const size = 1 + Math.floor(random() * 40)
  const density = random() * 0.4
  const nodes = Array.from({length: size}, (_, node) => ({node, key: random()})).sort((a, b) => a.key - b.key)
  return new Map(
    nodes.map(({node}) => [node, Array.from({length: node}, (_, other) => other).filter(() => random() < density)]),
  )
}

/** A graph with any edges, loops included. */
export function randomGraph(seed: number): Map<number, number[]> {
  const random = seededRandom(seed)
  const size = 1 + Math.floor(random() * 12)
  const all = Array.from({length: size}, (_, node) => node)
  return new Map(all.map((node) => [node, all.filter(() => random() < 0.12)]))
}
