import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {systemClock as clock} from '../../base/clock.js'
import {HarnessError} from '../../base/errors.js'
import {createPrivateFile} from '../../base/private-files.js'
import {statePaths} from '../../base/state-directory.js'
import type {Client, ClientName} from '../client.js'
import {ensureDaemon} from '../ensure-daemon.js'
import {daemonCommand} from './daemon-command.js'

/** A daemon for one program, with a state directory of its own. When the program ends, however it ends, everything goes. */
export interface TemporaryDaemon {
  /** The conversation that it was started for. */
  readonly first: Client
  readonly dial: (signal?: AbortSignal) => Promise<Client>
  /** Stops all services, ends the daemon, and takes the state directory away. */
  end(): Promise<void>
}

/** How long the daemon may take to stop everything, in milliseconds. */
const patienceMs = 60_000
const pollMs = 20

/** `withheld`: variables of this process that the daemon does not get. */
export async function startTemporaryDaemon(
  client: ClientName,
  withheld: ReadonlySet<string>,
): Promise<TemporaryDaemon> {
  const stateDirectory = await mkdtemp(path.join(tmpdir(), 'harness-stack-'))
  await createPrivateFile(statePaths(stateDirectory).temporary, '')
  const launch = daemonCommand(stateDirectory, ['--temporary'], withheld)
  const dial = (signal?: AbortSignal): Promise<Client> =>
    ensureDaemon({...launch, stateDirectory, client, clock, leash: true, ...(signal ? {signal} : {})})
  const remove = (): Promise<void> => rm(stateDirectory, {recursive: true, force: true})
  const first = await dial().catch(async (error: unknown) => {
    await remove()
    throw error
  })
  return {
    first,
    dial,
    async end() {
      const pid = await shutdown(await dial())
      const until = clock.monotonic() + patienceMs
      while (isThere(pid)) {
        if (clock.monotonic() > until) throw stillThere(stateDirectory)
        await clock.sleep(pollMs)
      }
      await remove()
    },
  }
}

/** Answers the pid of the daemon, which ends soon. */
async function shutdown(client: Client): Promise<number> {
  await using conversation = client
  await conversation.call('daemon.shutdown', {stopServices: true})
  return conversation.hello.daemon.pid
}

/** Of a child of ours: it has not ended. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function stillThere(stateDirectory: string): HarnessError {
  return new HarnessError('SERVICE_STOP_FAILED', {
    subject: stateDirectory,
    reason: `its daemon has not stopped everything within ${patienceMs / 1000} s`,
    hint: `See ${statePaths(stateDirectory).log}.`,
  })
}
