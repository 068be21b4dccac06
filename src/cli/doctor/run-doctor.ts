import type {Interfaces} from '@oclif/core'
import {errorTable} from '../../core/base/error-table.js'
import {stateDirectory, statePaths} from '../../core/base/state-directory.js'
import type {Host} from '../with-daemon.js'
import {checkCertificate} from './check-certificate.js'
import {askDaemon, checkDaemon} from './check-daemon.js'
import {checkDocker} from './check-docker.js'
import {checkJournal} from './check-journal.js'
import {checkMachine} from './check-machine.js'
import {checkPlugins} from './check-plugins.js'
import {checkPorts} from './check-ports.js'
import {checkProcesses} from './check-processes.js'
import {checkSsh} from './check-programs.js'
import {checkRemotes} from './check-remotes.js'
import {checkStateDirectory} from './check-state-directory.js'
import {checkTerminal} from './check-terminal.js'
import {checkTraces} from './check-traces.js'
import {doctorLines} from './doctor-lines.js'
import {skipped, type Finding, type Verdict} from './finding.js'

/** `harness doctor`: answers the exit code, which is that of the first thing that is broken. */
export async function runDoctor(host: Host, config: Interfaces.Config): Promise<number> {
  const {terminal} = host
  const findings = await examine(host, config)
  const broken = findings.filter(({status}) => status === 'broken')
  if (terminal.json) terminal.data({healthy: broken.length === 0, checks: findings})
  for (const line of doctorLines(findings, terminal.style)) terminal.out(line)
  return broken[0]?.code ? errorTable[broken[0].code].exit : 0
}

async function examine(host: Host, config: Interfaces.Config): Promise<readonly Finding[]> {
  // First: nothing has begun that nobody would wait for.
  const directory = stateDirectory()
  const loading = checkPlugins(config)
  const docker = loading.then(({catalogue}) => checkDocker(catalogue))
  const elsewhere = Promise.all([docker, checkSsh(), checkTerminal(), loading, checkTraces()])
  const state = await checkStateDirectory(directory)
  const isUsable = !state.some(({status}) => status === 'broken')
  const daemon = isUsable ? await askDaemon(host) : {info: undefined}
  const inside = isUsable ? await Promise.all(lookInside(directory).map((look) => look())) : []
  const [engine, ssh, terminal, plugins, traces] = await elsewhere
  const {catalogue} = plugins
  const unknown = [skipped('not looked at: the state directory cannot be used')]
  const noDaemon = [skipped('not looked at: no daemon runs that could tell which ones it knows')]
  const [journal = unknown, certificate = unknown, remotes = unknown] = inside
  return [
    ...named('node', checkMachine()),
    ...named('state', state),
    ...named('journal', journal),
    ...named('certificate', certificate),
    ...named('remotes', remotes),
    ...named('daemon', isUsable ? await checkDaemon(daemon, host) : unknown),
    ...named('processes', 'info' in daemon && daemon.info ? await checkProcesses(host) : noDaemon),
    ...named('ports', await checkPorts({host, daemon, catalogue})),
    ...named('plugins', plugins.verdicts),
    ...named('docker', engine),
    ...named('ssh', ssh),
    ...named('pty', terminal),
    ...named('traces', traces),
  ]
}

function lookInside(directory: string): readonly (() => Promise<readonly Verdict[]>)[] {
  return [
    () => checkJournal(statePaths(directory).store),
    () => checkCertificate(directory),
    () => checkRemotes(directory),
  ]
}

function named(name: string, verdicts: readonly Verdict[]): readonly Finding[] {
  return verdicts.map((verdict) => ({name, ...verdict}))
}
