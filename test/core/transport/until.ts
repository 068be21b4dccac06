/** Looks again and again until something is true; fails after five seconds. */
export async function until(isTrue: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + 5000
  while (!isTrue()) {
    if (performance.now() > giveUpAt) throw new Error('It did not become true within five seconds.')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
