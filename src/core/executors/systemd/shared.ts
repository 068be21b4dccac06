import type {PluginServices} from '../../contract/services.js'
import type {Inside} from '../../process/command-file.js'
import type {ProcessHost} from '../../process/host.js'
import {bootId} from '../../process/platform.js'
import {farFacts} from './far/far-facts.js'
import {farHost, type Way} from './far/far-host.js'
import {FarMonitor} from './far/far-monitor.js'
import type {Machine} from './machine.js'
import {Manager} from './manager.js'
import type {Scope} from './scope.js'
import {localSystemdHost, type SystemdHost} from './systemd-host.js'
import {UnitMonitor} from './unit/monitor.js'

/** What leads to the machine of a unit that exists. */
export interface Led {
  readonly inside?: Inside
  readonly env: Readonly<Record<string, string>>
}

/** What all units of one daemon share. */
export interface Shared {
  readonly services: PluginServices
  readonly host: ProcessHost
  /** Of this machine. */
  readonly managers: Readonly<Record<Scope, Manager>>
  /** All units that are reached in the same way have the same one. */
  machineOf(led: Led): Machine
}

export function createShared(
  services: PluginServices,
  host: ProcessHost,
  systemd: SystemdHost = localSystemdHost(),
): Shared {
  const here = thisMachine(systemd, host)
  // Nothing else keeps a machine once no unit of it is held.
  const others = new Map<string, WeakRef<Machine>>()
  const other = (way: Way, place: string): Machine => {
    for (const [key, machine] of others) if (!machine.deref()) others.delete(key)
    const key = JSON.stringify(way)
    const known = others.get(key)?.deref()
    if (known) return known
    const made = otherMachine(farHost(way, {local: systemd, tools: services.layers}), host, place)
    others.set(key, new WeakRef(made))
    return made
  }
  return {
    services,
    host,
    managers: here.managers,
    machineOf: ({inside, env}) =>
      inside?.elsewhere === undefined ? here : other({layers: inside.layers, env}, inside.elsewhere),
  }
}

function thisMachine(systemd: SystemdHost, {clock}: ProcessHost): Machine {
  const managers = {system: new Manager(systemd, 'system'), user: new Manager(systemd, 'user')}
  return {
    managers,
    monitors: {system: new UnitMonitor(managers.system, clock), user: new UnitMonitor(managers.user, clock)},
    facts: () =>
      Promise.resolve({
        boot: bootId(),
        uid: process.getuid?.() ?? 0,
        now: clock.now(),
        here: clock.now(),
        monotonic: Number(process.hrtime.bigint() / 1000n),
      }),
  }
}

function otherMachine(systemd: SystemdHost, {clock}: ProcessHost, place: string): Machine {
  const managers = {system: new Manager(systemd, 'system', place), user: new Manager(systemd, 'user', place)}
  return {
    managers,
    monitors: {system: new FarMonitor(managers.system, clock), user: new FarMonitor(managers.user, clock)},
    place,
    facts: (signal) => farFacts(managers.system, clock, signal),
  }
}
