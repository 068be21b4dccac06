import type {Fingerprint} from '../../contract/executor.js'
import {plainOutput, type Manager} from './manager.js'
import type {Shared} from './shared.js'

/** The first version that tells whether a program could be executed, and appends to files. */
const oldest = 240

/** Is there a manager of systemd that answers? */
export async function fingerprint({managers}: Shared, signal: AbortSignal): Promise<Fingerprint> {
  const version = await versionOf(managers.user, signal)
  if (version === undefined) return undetected("'systemctl' is not installed")
  const found = await Promise.all([managers.user, managers.system].map((manager) => answers(manager, signal)))
  const scopes = found.filter((scope) => scope !== undefined)
  if (scopes.length === 0) return undetected('no manager of it runs here, neither of this user nor of the machine')
  const attributes = {version: String(version), scopes: scopes.join(', ')}
  if (version >= oldest) return {health: 'healthy', description: `Units of systemd can be run.`, attributes}
  const description = `systemd ${version} is too old; expected ${oldest} or newer.`
  return {health: 'unhealthy', description, attributes}
}

function undetected(why: string): Fingerprint {
  return {health: 'undetected', description: `systemd is not here: ${why}.`, attributes: {}}
}

async function versionOf({host}: Manager, signal: AbortSignal): Promise<number | undefined> {
  const {stdout} = await host.run({program: 'systemctl', args: ['--version'], env: plainOutput}, signal)
  const found = /^systemd (\d+)/.exec(stdout)?.[1]
  return found === undefined ? undefined : Number(found)
}

async function answers(manager: Manager, signal: AbortSignal): Promise<string | undefined> {
  try {
    await manager.since(signal)
    return manager.scope
  } catch (error) {
    if (signal.aborted) throw error
    return undefined
  }
}
