import {constants} from 'node:os'
import type {ExitStatus} from '../contract/command.js'

const signalNames = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name as NodeJS.Signals] as const),
)

/** The signal with this number. */
export function signalName(number: number): NodeJS.Signals | undefined {
  return signalNames.get(number)
}

/** A shell reports death by signal n as 128 + n, and cannot tell it from a program that exits with that number. */
export function toExitStatus(shellCode: number): ExitStatus {
  const signal = shellCode > 128 ? signalName(shellCode - 128) : undefined
  return signal === undefined ? {by: 'code', code: shellCode} : {by: 'signal', signal}
}
