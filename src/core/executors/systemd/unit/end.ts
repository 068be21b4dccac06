import type {ExitStatus} from '../../../contract/command.js'
import {lostStatus} from '../../../process/await-end.js'
import {statusOfUnit} from '../end-record.js'
import type {Machine} from '../machine.js'
import type {Manager} from '../manager.js'
import type {UnitState} from '../parse-units.js'
import type {Mark} from './mark.js'

/**
 * How a unit that is not up has ended. One that failed is remembered by systemd until somebody resets it; one that ended well is forgotten at once
 * unless something needs it. What is neither up nor failed has therefore ended well, as long as it is the same manager that says so.
 */
export async function endOfUnit(
  state: UnitState,
  mark: Mark,
  {machine, manager}: {readonly machine: Machine; readonly manager: Manager},
): Promise<ExitStatus> {
  if (mark.boot !== (await machine.facts()).boot)
    return {by: 'lost', reason: 'the machine was started again', rebooted: true}
  const known = statusOfUnit(state)
  if (known) return known
  if ((await manager.since()) !== mark.manager) return lostStatus('the manager of systemd was started again')
  return {by: 'code', code: 0}
}
