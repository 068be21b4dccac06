import {openSync} from 'node:fs'
import path from 'node:path'
import {systemClock} from '../../../src/core/base/clock.js'
import {silentLog} from '../../../src/core/base/log.js'
import {statePaths} from '../../../src/core/base/state-directory.js'
import {writeDaemonInfo} from '../../../src/core/client/info-file.js'
import {protocolVersion} from '../../../src/core/protocol/messages.js'
import {loadIdentity} from '../../../src/core/transport/identity.js'
import {startServer} from '../../../src/core/transport/server.js'
import {tinyHandler} from '../transport/tiny-daemon.js'

// A daemon of a few lines: one owner by an exclusive file, then the server, then the info file.
const [directory = ''] = process.argv.slice(2)
try {
  openSync(path.join(directory, 'owner'), 'wx')
} catch {
  console.error('Another daemon owns the state directory.')
  process.exit(75)
}
const identity = await loadIdentity(directory, systemClock)
const server = await startServer({
  socketPath: statePaths(directory).socket,
  ...identity,
  clock: systemClock,
  log: silentLog,
  onConnection: () => tinyHandler(),
})
await writeDaemonInfo(directory, {
  pid: process.pid,
  epoch: 'epoch-1',
  version: '0.0.0',
  protocolVersion,
  socket: server.socketPath,
  url: null,
  fingerprint: identity.fingerprint256,
  startedAt: new Date().toISOString(),
})
