import assert from 'node:assert/strict'
import type {Context} from 'mocha'

/** Skips a test on a machine that lacks something, with a line that says what. In CI, which must have everything, that is a failure. */
export function needs(context: Context, isThere: boolean, what: string): void {
  if (isThere) return
  assert.notEqual(process.env['CI'], 'true', `This test needs ${what}; CI must have it.`)
  console.log(`      skipped: it needs ${what}`)
  context.skip()
}
