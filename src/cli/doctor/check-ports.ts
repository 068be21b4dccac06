import {messageOf} from '../../core/base/errors.js'
import {wantedHostPorts} from '../../core/config/check-host-ports.js'
import {findStackFile} from '../../core/config/find-stack-file.js'
import {cookieName} from '../../core/process/cookie.js'
import {readVariable} from '../../core/process/platform.js'
import {findPortHolder, holderInWords, type PortHolder} from '../../core/process/port-holder.js'
import type {Catalogue} from '../../core/contract/catalogue.js'
import {withRunningDaemon, type Host} from '../with-daemon.js'
import {usualAddress} from '../parse-listen.js'
import type {DaemonAnswer} from './check-daemon.js'
import {broken, ok, warning, type Verdict} from './finding.js'

export interface PortsWish {
  readonly host: Host
  readonly daemon: DaemonAnswer
  readonly catalogue: Catalogue | undefined
}

/** The port that a daemon listens at, and those of the stack in this folder: whether somebody else has them. */
export async function checkPorts(wish: PortsWish): Promise<readonly Verdict[]> {
  const verdicts = [...(await daemonPort(wish.daemon)), ...(await stackPorts(wish))]
  return verdicts.length > 0
    ? verdicts
    : [ok('those of the daemon and of the stack in this folder are free, or its own')]
}

async function daemonPort(daemon: DaemonAnswer): Promise<readonly Verdict[]> {
  if (!('info' in daemon) || daemon.info !== undefined) return []
  const holder = await findPortHolder(usualAddress.port, 'tcp')
  if (!isInTheWay(holder)) return []
  const said = `port ${usualAddress.port}, where daemons listen, is in use ${holderInWords(holder)}: the daemon takes another`
  return [warning(said)]
}

async function stackPorts({host, daemon, catalogue}: PortsWish): Promise<readonly Verdict[]> {
  const file = await findStackFile(process.cwd())
  if (file === undefined) return []
  const {loadStack} = await import('../../core/config/load-stack.js')
  const {loadOptions} = await import('../read-stack.js')
  try {
    const {definition} = await loadStack(loadOptions({}))
    const own = await portsOfRunning(host, daemon, definition.file)
    const wanted = wantedHostPorts(definition, catalogue).filter(({port}) => !own.has(port.port))
    const verdicts = await Promise.all(
      wanted.map(async ({name, port}) => {
        const holder = await findPortHolder(port.port, port.protocol === 'udp' ? 'udp' : 'tcp')
        return isInTheWay(holder) ? [busy(name, port.port, holder)] : []
      }),
    )
    return verdicts.flat()
  } catch (error) {
    return [warning(`those of ${file} are not known: ${messageOf(error)}`, 'harness validate')]
  }
}

function busy(service: string, port: number, holder: PortHolder): Verdict {
  const stop = holder.kind === 'process' ? `kill ${holder.pid}` : `sudo ss -anp 'sport = :${port}'`
  return broken(
    'PORT_BUSY',
    `port ${port}, which service '${service}' wants, is in use ${holderInWords(holder)}`,
    `${stop}  (or write another port, or 0 for a free one)`,
  )
}

/** Somebody listens there who is no service of harness. */
function isInTheWay(holder: PortHolder | undefined): holder is PortHolder {
  if (holder === undefined) return false
  return holder.kind === 'hidden' || (holder.listens && readVariable(holder.pid, cookieName) === undefined)
}

/** Containers hold their ports by processes that are not theirs. */
async function portsOfRunning(host: Host, daemon: DaemonAnswer, file: string): Promise<ReadonlySet<number>> {
  if (!('info' in daemon) || !daemon.info?.stacks.some((stack) => stack.file === file)) return new Set()
  const status = await withRunningDaemon(host, (client) => client.call('service.status', {stack: file, services: []}))
  const running = (status?.services ?? []).filter(({uptimeMs}) => uptimeMs !== null)
  return new Set(running.flatMap(({endpoints}) => endpoints.map(({port}) => port)))
}
