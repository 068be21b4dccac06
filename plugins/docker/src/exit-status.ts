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
  if (signal === undefined) return {by: 'code', code: ExitCode}
  return {by: 'signal', signal, ...(OOMKilled && {reason: 'it wanted more memory than it may have'})}
}
