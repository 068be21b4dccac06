import {rm} from 'node:fs/promises'
import {exists} from '../../core/base/private-files.js'
import type {Terminal} from '../terminal.js'
import {unitFile, unitName} from './unit-file.js'
import {askManager, whyNoManager} from './user-manager.js'

/** `harness daemon uninstall`: ends the daemon of the unit, whose services go on, and removes the unit. */
export async function uninstallDaemon(terminal: Terminal, {dryRun}: {readonly dryRun: boolean}): Promise<void> {
  const file = unitFile()
  const isThere = await exists(file)
  if (isThere && !dryRun) {
    const isManaged = (await whyNoManager()) === undefined
    if (isManaged) await askManager('disable', '--now', unitName)
    await rm(file, {force: true})
    if (isManaged) await askManager('daemon-reload')
  }
  if (terminal.json) terminal.data({file, removed: isThere && !dryRun})
  if (!isThere) terminal.out(`There is no ${file}.`)
  else terminal.out(dryRun ? `This would remove ${file}. Nothing was done.` : `Removed ${file}. Services go on.`)
}
