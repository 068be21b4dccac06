// Runs PostgreSQL as a service: finds it, makes its data, and removes it when it is stopped.
import path from 'node:path'
import {choosePrograms} from '../postgres/launch/choose-programs.js'
import {clusterIn, environment, makeCluster, versionOf} from '../postgres/launch/cluster.js'
import {readOptions, type LaunchOptions} from '../postgres/launch/options.js'
import {ownerOf} from '../postgres/launch/owner.js'
import {openScratch} from '../postgres/launch/scratch.js'
import {serverArguments} from '../postgres/launch/server-arguments.js'
import {usablePrograms} from '../postgres/launch/usable-programs.js'
import {runDirectory} from '../shared/launch/run-directory.js'
import {endLike, fail, RunningProgram, stopRequest} from '../shared/launch/run-program.js'

const options = readOptions(process.argv.slice(2), process.env)
const stopping = stopRequest()
const given = options.data === undefined ? undefined : path.resolve(options.data)
try {
  endLike(await run(options))
} catch (error) {
  fail((error as Error).message)
}

async function run(told: LaunchOptions): Promise<Awaited<RunningProgram['ended']>> {
  const owner = ownerOf(given === undefined ? undefined : clusterIn(given))
  const scratch = await openScratch(await runDirectory('postgres'), owner)
  try {
    const cluster = clusterIn(given ?? scratch.folder)
    const kept = versionOf(cluster)
    const programs = await usablePrograms(choosePrograms(told, kept), {scratch: scratch.folder, owner})
    if (kept === undefined) {
      const making = {cluster, programs, owner, scratch: scratch.folder, keeps: given !== undefined}
      await makeCluster(told, {...making, signal: stopping.signal})
    }
    stopping.signal.throwIfAborted()
    const running = new RunningProgram({
      program: path.join(programs.folder, 'postgres'),
      args: serverArguments(told, cluster),
      options: {...owner, cwd: cluster, env: environment(programs)},
      // "Fast": TERM would wait for everybody to hang up.
      stopSignal: 'SIGINT',
      // "Immediate": the data recovers at the next start.
      force: {signal: 'SIGQUIT', afterMs: 20_000},
    })
    const end = await running.ended
    if (end.asked) await scratch.remove()
    return end
  } catch (error) {
    if (!scratch.inherited || stopping.signal.aborted) await scratch.remove()
    if (stopping.signal.aborted) return {code: 0, signal: null, asked: true}
    throw error
  }
}
