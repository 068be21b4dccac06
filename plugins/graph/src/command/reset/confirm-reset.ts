import {createInterface} from 'node:readline/promises'
import {commandError} from '../command-error.js'
import type {ResetPlan} from './plan-reset.js'

/** Asks, where data that the user keeps in files would be lost. USAGE where nobody can be asked. */
export async function confirmReset(
  {kept}: ResetPlan,
  {isTerminal} = {isTerminal: process.stdin.isTTY},
): Promise<boolean> {
  if (kept.length === 0) return true
  const what = kept.map(({service, file}) => `${service} keeps its data in ${file}`).join(', ')
  if (!isTerminal) {
    throw commandError('USAGE', {
      subject: 'graph reset',
      reason: `${what}, and it would be lost`,
      hint: 'Add --yes when that is what you want.',
    })
  }
  const lines = createInterface({input: process.stdin, output: process.stderr})
  try {
    const answer = await lines.question(`${what}. Lose it? [y/N] `)
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    lines.close()
  }
}
