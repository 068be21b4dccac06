import {spawn} from 'node:child_process'
import path from 'node:path'
import {fileURLToPath} from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs a program of the repository (or of node_modules/.bin), and answers how it ended, what it printed and how long it took. */
export function run(command, args, {env = process.env, cwd = root} = {}) {
  const started = performance.now()
  const bin = path.join(root, 'node_modules', '.bin')
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: {...env, PATH: `${env.PATH}${path.delimiter}${bin}`},
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (bytes) => (output += bytes))
    child.stderr.on('data', (bytes) => (output += bytes))
    const end = (ok) => resolve({ok, output, seconds: (performance.now() - started) / 1000})
    child.on('error', (error) => {
      output += `${error.message}\n`
      end(false)
    })
    child.on('close', (code) => end(code === 0))
  })
}
