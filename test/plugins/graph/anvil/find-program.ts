import assert from 'node:assert/strict'
import {readdir, readFile} from 'node:fs/promises'

/** The pid of Anvil itself, by its port: the service is the script that runs it. */
export async function findProgram(port: number | undefined): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  for (const pid of pids) {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
    const isProgram = /\/anvil$/.test(words[0] ?? '') && words[words.indexOf('--port') + 1] === String(port)
    if (isProgram) return Number(pid)
  }
  return assert.fail(`no Anvil listens on ${port}`)
}
