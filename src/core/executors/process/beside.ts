import path from 'node:path'
import {HarnessError} from '../../base/errors.js'
import type {CommandSpec} from '../../contract/command.js'
import type {PluginServices} from '../../contract/services.js'
import type {SessionRequest} from '../../contract/session.js'
import type {WorkloadHandle} from '../../contract/workload.js'
import type {Launch} from '../../process/command-file.js'
import type {ProcessHost} from '../../process/host.js'
import {runCommand} from '../../process/run-command.js'
import {openSession} from '../../process/session/open-session.js'

type Surroundings = Pick<Launch, 'cwd' | 'env' | 'inside'>

interface Beside {
  readonly host: ProcessHost
  readonly services: Pick<PluginServices, 'layers'>
  /** Named in errors. */
  readonly service: string
  /** Of the executor, likewise. */
  readonly kind: string
}

/** Runs commands where a program runs: in its directory and environment, cookie included, so that what they leave behind ends with it; and in its layers. */
export function beside(
  launch: Surroundings,
  {host, services, service, kind}: Beside,
): Pick<Required<WorkloadHandle>, 'exec' | 'openSession'> {
  const wrapped = (command: CommandSpec): CommandSpec => inLayers(launch, command, services)
  return {
    exec(given, signal) {
      const command = wrapped(given)
      const cwd = path.resolve(launch.cwd, command.cwd ?? '.')
      return runCommand({...command, cwd, env: {...launch.env, ...command.env}}, signal)
    },
    openSession(request) {
      if (launch.inside && request.terminal) throw noTerminal(service, kind)
      return openSession(launch, launch.inside ? sessionIn(wrapped({...request, stdin: 'open'})) : request, {
        host,
        service,
      })
    },
  }
}

function inLayers({inside}: Surroundings, command: CommandSpec, services: Beside['services']): CommandSpec {
  if (!inside) return command
  const {layers, env, cwd: home} = inside
  const cwd = home === undefined ? command.cwd : path.posix.resolve(home, command.cwd ?? '.')
  const {cwd: _, ...rest} = command
  return services.layers.wrap({...rest, env: {...env, ...command.env}, ...(cwd !== undefined && {cwd})}, layers)
}

function sessionIn({stdin: _, ...command}: CommandSpec): SessionRequest {
  return command
}

function noTerminal(service: string, subject: string): HarnessError {
  return new HarnessError('EXECUTOR_CANNOT', {
    subject,
    reason: `the layers of '${service}' carry no terminal`,
    hint: 'Run the command without one: `harness exec --no-tty`.',
  })
}
