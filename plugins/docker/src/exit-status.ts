import type {ContainerInspectInfo} from 'dockerode'
import type {ExitStatus, PluginServices} from '@service-harness/cli/plugin'

/** The engine counts as a shell does. */
export function exitStatus(
  {ExitCode, OOMKilled}: Pick<ContainerInspectInfo['State'], 'ExitCode' | 'OOMKilled'>,
  services: Pick<PluginServices, 'exitStatus'>,
): ExitStatus {
  const status = services.exitStatus(ExitCode)
  if (!OOMKilled || status.by === 'lost') return status
  const isItself = status.by === 'signal' && status.signal === 'SIGKILL'
  const who = isItself ? 'it wanted' : 'one of its processes wanted'
  return {...status, reason: `${who} more memory than it may have${isItself ? '' : ', and was killed'}`}
}
