import assert from 'node:assert/strict'
import {after, before, describe, it} from 'mocha'
import {systemdAttachExecutor} from '../../../../src/core/executors/systemd-attach/executor.js'
import type {AttachedUnitSpec} from '../../../../src/core/executors/systemd-attach/spec.js'
import type {SystemdState} from '../../../../src/core/executors/systemd/state.js'
import {createProcessHost} from '../../../../src/core/process/host.js'
import {describeExecutor, testServices} from '../../../../src/testing.js'
import {needs} from '../../../support/needs.js'
import {hasSystemd, startUserManager, type UserManager} from '../../../support/systemd.js'
import {never, temporaryFolder} from '../../process/temporary.js'
import {hostOf, systemdWorkshop} from '../systemd/workshop.js'

describe('systemd-attach', () => {
  let manager: UserManager
  let units = 0
  before(async function () {
    needs(this, hasSystemd(), 'systemd, and root')
    manager = await startUserManager()
  })
  after(async () => {
    if (hasSystemd()) await manager[Symbol.asyncDispose]()
  })

  describeExecutor<AttachedUnitSpec>(
    'systemd-attach',
    'attached',
    () => {
      const folder = temporaryFolder()
      const executor = () => systemdAttachExecutor(testServices(folder.path), createProcessHost(), hostOf(manager))
      return Promise.resolve({
        executor: executor(),
        restarted: executor,
        directory: folder.path,
        invalidSpec: {unit: '--all'},
        async spec() {
          units += 1
          const unit = `attached-${units}.service`
          await manager.unit(unit, '[Service]\nType=exec\nExecStart=/bin/sleep 600\n')
          await manager.systemctl('start', unit)
          return {unit, scope: 'user' as const}
        },
        async runs(handle) {
          const {unit} = handle.save().state as SystemdState
          return (await manager.systemctl('show', '--property=ActiveState', unit)).includes('=active')
        },
        [Symbol.asyncDispose]() {
          folder[Symbol.dispose]()
          return Promise.resolve()
        },
      })
    },
    {describe, it},
  )

  it('starts nothing', async () => {
    await using shop = systemdWorkshop(manager)
    await manager.unit('idle.service', '[Service]\nType=exec\nExecStart=/bin/sleep 600\n')
    const executor = systemdAttachExecutor(testServices(shop.folder), createProcessHost(), hostOf(manager))
    const request = shop.request({unit: 'idle'}) as Parameters<typeof executor.start>[0]
    await assert.rejects(executor.start(request, {signal: never, progress: () => undefined}), {
      code: 'SERVICE_START_FAILED',
      message: /unit 'idle.service' does not run/,
    })
    assert.match(await manager.systemctl('show', '--property=ActiveState', 'idle'), /=inactive/)
  })
})
