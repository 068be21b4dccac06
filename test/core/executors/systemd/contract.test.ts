import {after, before, describe, it} from 'mocha'
import type {WorkloadHandle} from '../../../../src/core/contract/workload.js'
import type {SystemdSpec} from '../../../../src/core/executors/systemd/spec.js'
import type {SystemdState} from '../../../../src/core/executors/systemd/state.js'
import {describeExecutor, type ExecutorFixture, type Program} from '../../../../src/testing.js'
import {hasSystemd, startUserManager, type UserManager} from '../../../support/systemd.js'
import {needs} from '../../../support/needs.js'
import {systemdWorkshop} from './workshop.js'

function scriptFor(program: Program): string {
  switch (program.does) {
    case 'run':
      return 'exec sleep 600'
    case 'resist':
      return `trap '' TERM; echo resisting; while :; do sleep 600; done`
    case 'exit':
      return `exit ${program.code}`
    case 'die':
      return `kill -${program.signal.slice(3)} $$`
    case 'print':
      return `i=1; while [ $i -lt ${program.count} ]; do echo "line $i"; i=$((i+1)); done; printf 'line ${program.count}'`
  }
}

describe('systemd', () => {
  let manager: UserManager
  before(async function () {
    needs(this, hasSystemd(), 'systemd, and root')
    manager = await startUserManager()
  })
  after(async () => {
    if (hasSystemd()) await manager[Symbol.asyncDispose]()
  })

  const fixture = (
    spec: ExecutorFixture<SystemdSpec>['spec'],
    more: Partial<ExecutorFixture<SystemdSpec>>,
  ): Promise<ExecutorFixture<SystemdSpec>> => {
    const shop = systemdWorkshop(manager)
    return Promise.resolve({
      executor: shop.executor(),
      restarted: () => shop.executor(),
      directory: shop.folder,
      invalidSpec: {binary: 'sh', unit: 'a.service'},
      spec,
      async runs(handle: WorkloadHandle) {
        const {unit} = handle.save().state as SystemdState
        return (await manager.systemctl('show', '--property=ActiveState', '--', unit)).trim() === 'ActiveState=active'
      },
      [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose](),
      ...more,
    })
  }

  describeExecutor(
    'systemd, units of its own',
    'managed',
    () =>
      fixture((program) => ({scope: 'user', binary: 'sh', args: ['-c', scriptFor(program)]}), {
        async lose(handle) {
          // The shell that writes down the end finds nothing to write to.
          const {runDirectory} = handle.save().state as SystemdState
          const {rmSync} = await import('node:fs')
          rmSync(`${runDirectory}/record`)
          await manager.systemctl('kill', '--signal=KILL', '--', (handle.save().state as SystemdState).unit)
        },
      }),
    {describe, it},
  )

  let units = 0
  describeExecutor(
    'systemd, units that exist',
    'managed',
    () =>
      fixture(async (program) => {
        units += 1
        const unit = `suite-${units}.service`
        // The journal does not know whose what was said by a process that has ended before it looks.
        const untilSeen = `; until journalctl --quiet --lines=1 _SYSTEMD_USER_UNIT=${unit} | grep -q .; do sleep 0.1; done`
        const script = `${scriptFor(program)}${program.does === 'print' ? untilSeen : ''}`.replaceAll('$', '$$$$')
        await manager.unit(unit, `[Service]\nType=exec\nExecStart=/bin/sh -c ${JSON.stringify(script)}\n`)
        return {scope: 'user', unit}
      }, {}),
    {describe, it},
  )
})
