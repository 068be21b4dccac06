/** The plugin API that this harness offers; the same as `harness.api` in its package.json. Minor versions only add. */
export const hostApi = '1.0'

/**
 * Does a range take an API version? It is `^1.0`, `1.x`, `1`, `1.0` or several of these with `||`. `undefined`: it is written in no
 * form that we know. A full semver library is more than this question needs.
 */
export function apiFits(range: string, version: string = hostApi): boolean | undefined {
  const answers = range.split('||').map((part) => partFits(part.trim(), version))
  return answers.includes(undefined) ? undefined : answers.includes(true)
}

function partFits(part: string, version: string): boolean | undefined {
  const [, caret, major, minor] = /^(\^?)(\d{1,4})(?:\.(\d{1,4}|x|\*))?(?:\.(?:\d{1,4}|x|\*))?$/.exec(part) ?? []
  if (major === undefined) return undefined
  const [ourMajor, ourMinor] = version.split('.').map(Number)
  if (Number(major) !== ourMajor) return false
  if (minor === undefined || minor === 'x' || minor === '*') return true
  return caret === '^' ? Number(minor) <= (ourMinor ?? 0) : Number(minor) === ourMinor
}
