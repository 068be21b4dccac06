import assert from 'node:assert/strict'
import {execFile, execFileSync} from 'node:child_process'

/** Whether this user may make such namespaces (flags of `unshare`). In CI it must be able to. */
export function canUnshare(flags: string): boolean {
  try {
    execFileSync('unshare', [flags, 'true'], {stdio: 'ignore'})
    return true
  } catch {
    assert.notEqual(process.env['CI'], 'true', `This test needs \`unshare ${flags}\`; CI must allow it.`)
    console.log(`      skipped: this user may not use \`unshare ${flags}\``)
    return false
  }
}

/**
 * Runs a program in a pid namespace of its own and answers its standard output. The first process there is a shell that clears dead processes
 * away, as an init does: their numbers are free then. All that is left is killed with it.
 */
export function runInPidNamespace(program: string, args: readonly string[], cwd: string): Promise<string> {
  const init = ['sh', '-c', '"$@"; exit $?', 'init', program, ...args]
  return new Promise((resolve, reject) => {
    execFile('unshare', ['-Urpf', '--mount-proc', '--kill-child', ...init], {cwd}, (error, stdout, stderr) => {
      if (error) reject(new Error(`${program} ended with ${String(error.code)}:\n${stdout}\n${stderr}`))
      else resolve(stdout)
    })
  })
}
