/** Writes bytes as they are, and resolves once they have left: whoever reads slowly holds the command up, and fills no memory. */
export function writeOut(stream: 'stderr' | 'stdout', bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    process[stream].write(bytes, () => {
      resolve()
    })
  })
}
