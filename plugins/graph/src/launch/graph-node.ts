// Runs graph-node as a service: `gnd dev`, whose manifests come from files, behind a port for administrators that takes them from IPFS.
import {mkdir, realpath, rm} from 'node:fs/promises'
import path from 'node:path'
import {serveAdmin} from '../graph-node/launch/admin-proxy.js'
import {removeBootstrap, writeBootstrap} from '../graph-node/launch/bootstrap.js'
import {findGnd} from '../graph-node/launch/find-gnd.js'
import {freePort} from '../graph-node/launch/free-port.js'
import {GndProcess} from '../graph-node/launch/gnd-process.js'
import {Mirror} from '../graph-node/launch/mirror.js'
import {checkChains} from '../graph-node/launch/check-chains.js'
import {checkIpfs} from '../graph-node/launch/check-ipfs.js'
import {checkPostgres} from '../graph-node/launch/check-postgres.js'
import {readSettings} from '../graph-node/launch/settings.js'
import {endLike, fail} from '../shared/launch/run-program.js'
import {runDirectory} from '../shared/launch/run-directory.js'

const startMs = 50_000

try {
  await main()
} catch (error) {
  fail((error as Error).message)
}

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2), process.env)
  const program = findGnd(settings.binary)
  const [{deployments}, , height] = await Promise.all([
    checkPostgres(settings.postgres),
    checkIpfs(settings.ipfs),
    checkChains(settings.providers),
  ])
  const folder = path.join(await realpath(await runDirectory('graph-node')), 'graph-node')
  const files = path.join(folder, 'files')
  await mkdir(files, {recursive: true})
  const mirror = new Mirror(settings.ipfs, files)
  await mirror.restore(deployments)
  const bootstrap = await writeBootstrap(folder, settings.providers[0].network, height)

  const admin = await freePort()
  const gnd = new GndProcess({program, settings, admin, cwd: files, manifest: bootstrap.manifest})
  const up = async (): Promise<void> => {
    await removeBootstrap(
      bootstrap,
      {admin, status: settings.ports.status},
      AbortSignal.any([gnd.over, AbortSignal.timeout(startMs)]),
    )
    await serveAdmin({port: settings.ports.admin, gnd: `http://127.0.0.1:${admin}/`, mirror})
    process.stdout.write(
      `Ready for deployments at http://127.0.0.1:${settings.ports.admin}, with files from ${settings.ipfs}\n`,
    )
  }
  const end = await gnd.run(up)
  if (end.asked) await rm(folder, {recursive: true, force: true})
  endLike(end)
}
