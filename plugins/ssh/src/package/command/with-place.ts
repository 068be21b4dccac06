import type {LentClient} from '@service-harness/cli/plugin'
import type {Interfaces} from '@oclif/core'
import {commandServices} from '../../command-services.js'
import {HostPool} from '../../host/host-pool.js'
import {DeployProblem} from '../install/deploy-problem.js'
import {findPlace, type Place} from '../install/place.js'
import {choosePackage, type ChosenPackage} from './choose-package.js'
import type {PlaceChoice} from './flags.js'

/** What a command works on. */
export interface CommandPlace {
  readonly place: Place
  readonly chosen: ChosenPackage
}

/** Opens what the flags choose, and closes it again. What takes long is said on standard error. DEPLOY_FAILED where no such package is installed. */
export async function withPlace<Result>(
  flags: PlaceChoice,
  config: Interfaces.Config,
  act: (opened: CommandPlace) => Promise<Result>,
): Promise<Result> {
  const chosen = await choosePackage(flags, config)
  await using _lent = chosen.lent ?? noClient
  await using pool = new HostPool(commandServices, {idleMs: 0})
  await using host = await pool.hold(chosen.host)
  const {signal} = new AbortController()
  await host.connect(signal)
  const say = (message: string): void => void process.stderr.write(`${message}\n`)
  const place = await findPlace(chosen.installPath, chosen.name, {host, signal, say})
  if (!place) {
    const where = chosen.installPath ?? `~/.local/share/harness/packages/${chosen.name}`
    throw new DeployProblem(`there is no package in ${where} on ${host.name}`, 'Deploy it first, or name another one.')
  }
  return await act({place, chosen})
}

const noClient: Pick<LentClient, typeof Symbol.asyncDispose> = {[Symbol.asyncDispose]: () => Promise.resolve()}
