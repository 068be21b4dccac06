import {constants} from 'node:os'
import type {ExitStatus} from '@service-harness/cli/plugin'

const names = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name as NodeJS.Signals] as const),
)

/** A shell reports death by signal n as 128 + n, and cannot tell it from a program that exits with that number. */
export function exitStatus(code: number): ExitStatus {
  const signal = code > 128 ? names.get(code - 128) : undefined
  return signal === undefined ? {by: 'code', code} : {by: 'signal', signal}
}
