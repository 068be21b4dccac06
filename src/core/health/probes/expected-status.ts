/** Does a status fit `200`, `200-299`, or several of these with commas? Text that is none of them fits nothing. */
export function statusFits(expected: string, status: number): boolean {
  return expected.split(',').some((part) => {
    const [, low, high] = /^(\d{3})(?:-(\d{3}))?$/.exec(part.trim()) ?? []
    return low !== undefined && status >= Number(low) && status <= Number(high ?? low)
  })
}
