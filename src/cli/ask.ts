import {createInterface} from 'node:readline/promises'
import {printable} from '../core/base/printable.js'

/** Asks a person at a terminal; everybody else has said no. */
export async function askYesNo(question: string): Promise<'interrupted' | 'no' | 'yes'> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return 'no'
  const prompt = createInterface({input: process.stdin, output: process.stderr})
  const left = new Promise<'interrupted' | 'no'>((resolve) => {
    prompt.once('SIGINT', () => {
      resolve('interrupted')
    })
    prompt.once('close', () => {
      resolve('no')
    })
  })
  const answer = prompt.question(`${printable(question)} [y/N] `).then(
    (text) => (/^y(es)?$/i.test(text.trim()) ? 'yes' : 'no'),
    () => 'no' as const,
  )
  try {
    return await Promise.race([answer, left])
  } finally {
    prompt.close()
  }
}
