import type {PluginServices} from '../../contract/services.js'
import type {ProcessHost} from '../../process/host.js'
import {Manager} from './manager.js'
import type {Scope} from './scope.js'
import {localSystemdHost, type SystemdHost} from './systemd-host.js'
import {UnitMonitor} from './unit/monitor.js'

/** What all units of one daemon share. */
export interface Shared {
  readonly services: PluginServices
  readonly host: ProcessHost
  readonly managers: Readonly<Record<Scope, Manager>>
  readonly monitors: Readonly<Record<Scope, UnitMonitor>>
}

export function createShared(
  services: PluginServices,
  host: ProcessHost,
  systemd: SystemdHost = localSystemdHost(),
): Shared {
  const managers = {system: new Manager(systemd, 'system'), user: new Manager(systemd, 'user')}
  return {
    services,
    host,
    managers,
    monitors: {
      system: new UnitMonitor(managers.system, host.clock),
      user: new UnitMonitor(managers.user, host.clock),
    },
  }
}
