import {constants} from 'node:os'
import type {ContainerInspectInfo} from 'dockerode'
import type {ExitStatus} from '@service-harness/cli/plugin'

const names = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name as NodeJS.Signals] as const),
)

/** The engine counts as a shell does: 128 + n for signal n. */
export function exitStatus({
  ExitCode,
  OOMKilled,
}: Pick<ContainerInspectInfo['State'], 'ExitCode' | 'OOMKilled'>): ExitStatus {
  const signal = ExitCode > 128 ? names.get(ExitCode - 128) : undefined
  if (signal === 'SIGKILL' && OOMKilled) return {by: 'signal', signal, reason: 'it wanted more memory than it may have'}
  const reason = OOMKilled && {reason: 'one of its processes wanted more memory than it may have, and was killed'}
  return signal === undefined ? {by: 'code', code: ExitCode, ...reason} : {by: 'signal', signal, ...reason}
}
