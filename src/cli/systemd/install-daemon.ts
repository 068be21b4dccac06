import path from 'node:path'
import {stateDirectory} from '../../core/base/state-directory.js'
import {writeNewFile} from '../write-new-file.js'
import {stopDaemon} from '../stop-daemon.js'
import type {Host} from '../with-daemon.js'
import {unitFile, unitName} from './unit-file.js'
import {unitText} from './unit-text.js'
import {startUnit} from './start-unit.js'
import {askManager, whyNoManager} from './user-manager.js'

export interface InstallWish {
  /** Further arguments of the daemon. */
  readonly args: readonly string[]
  readonly dryRun: boolean
}

/** `harness daemon install`: writes the unit and has systemd run it from now on, in place of the daemon that runs. */
export async function installDaemon(host: Host, {args, dryRun}: InstallWish): Promise<void> {
  const {terminal} = host
  const file = unitFile()
  const unit = unitText({
    command: [process.execPath, path.join(host.root, 'bin', 'run.js'), 'daemon', '--background', ...args],
    env: {HARNESS_STATE_DIR: stateDirectory(), PATH: process.env['PATH'] ?? ''},
  })
  if (dryRun) {
    if (terminal.json) terminal.data({file, unit, enabled: false})
    terminal.out(unit.trimEnd())
    terminal.note(`This would be ${file}. Nothing was done.`)
    return
  }
  await writeNewFile(file, unit)
  const reason = await whyNoManager()
  if (reason === undefined) await enable(host)
  if (terminal.json) terminal.data({file, unit, enabled: reason === undefined})
  terminal.out(`Wrote ${file}.`)
  if (reason === undefined) sayEnabled(host)
  else sayHowToEnable(host, reason)
}

/** Services of the daemon that runs are found again by that of the unit. */
async function enable(host: Host): Promise<void> {
  await askManager('daemon-reload')
  await askManager('enable', unitName)
  await stopDaemon(host, {stopServices: false})
  await using _client = await startUnit(host)
}

function sayEnabled({terminal}: Host): void {
  terminal.out('systemd runs the daemon now, and whenever you log in.')
  terminal.note('To have it run without a login: `loginctl enable-linger`.')
}

function sayHowToEnable({terminal}: Host, reason: string): void {
  terminal.warn(`No systemd of this user answers here, so the unit is not in use yet: ${reason}.`)
  terminal.warn(`Where one does: \`systemctl --user daemon-reload && systemctl --user enable --now ${unitName}\`.`)
}
