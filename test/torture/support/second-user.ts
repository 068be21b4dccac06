import {appendFile, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {connect as connectPlain} from 'node:net'
import path from 'node:path'
import {systemClock} from '../../../src/core/base/clock.js'
import {statePaths} from '../../../src/core/base/state-directory.js'
import {connect} from '../../../src/core/client/connect.js'

// Loads everything as the user who has started it, becomes another one, and then tries to get into a daemon of the first.
// Prints what came of each attempt: the code of an error, or `got in`.
const [directory = '', url = '', fingerprint = '', daemonPid = ''] = process.argv.slice(2)
const nobody = 65_534
process.setgroups?.([])
process.setgid?.(nobody)
process.setuid?.(nobody)

const paths = statePaths(directory)
const client = {name: 'second user', version: '0'}
const options = {stateDirectory: directory, client, clock: systemClock}
const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
  'list the state directory': () => readdir(directory),
  'read the token': () => readFile(paths.token),
  'read the key': () => readFile(paths.key),
  'read the info file': () => readFile(paths.info),
  'read the log': () => readFile(paths.log),
  'read the store': () => readdir(paths.store),
  'write a token of my own': () => writeFile(paths.token, 'f'.repeat(64)),
  'write to the log': () => appendFile(paths.log, '{}\n'),
  'remove the lock': () => rm(paths.lock),
  'put a file beside': () => writeFile(path.join(directory, 'mine'), ''),
  'open the unix socket': () =>
    new Promise((resolve, reject) => connectPlain(paths.socket).once('connect', resolve).once('error', reject)),
  'use the client of harness': () => connect(options),
  'use the TLS port without a token': () => connect({...options, url, fingerprint, token: ''}),
  'use the TLS port with a guess': () => connect({...options, url, fingerprint, token: 'f'.repeat(64)}),
  'signal the daemon': () =>
    new Promise((resolve) => {
      resolve(process.kill(Number(daemonPid), 'SIGTERM'))
    }),
  'read its environment': () => readFile(`/proc/${daemonPid}/environ`),
  'read its memory': () => readFile(`/proc/${daemonPid}/mem`),
  'read its open files': () => readdir(`/proc/${daemonPid}/fd`),
}
const results: Record<string, string> = {}
for (const [name, attempt] of Object.entries(attempts)) {
  results[name] = await attempt().then(
    () => 'got in',
    (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error),
  )
}
const {uid, euid} = {uid: process.getuid?.(), euid: process.geteuid?.()}
console.log(JSON.stringify({uid, euid, results}))
process.exit(0)
