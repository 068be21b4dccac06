import path from 'node:path'
import type {LentClient, StackDefinition} from '@service-harness/cli/plugin'
import type {Interfaces} from '@oclif/core'
import {parseJump, type HostFields} from '../../address/host-fields.js'
import {commandServices} from '../../command-services.js'
import {hostOf} from '../../remote/host-schema.js'
import {readArchive} from '../archive/read-archive.js'
import type {PackageSpec} from '../target/spec.js'
import type {PlaceChoice} from './flags.js'

export interface ChosenPackage {
  readonly host: HostFields
  /** Missing: the usual one. */
  readonly installPath: string | undefined
  readonly name: string
  /** The service that was named, and how it is asked for anew. */
  readonly lent?: LentClient
  readonly restart?: () => ReturnType<LentClient['client']['service']['restart']>
}

/** Which package the flags mean. USAGE where they do not say it. */
export async function choosePackage(flags: PlaceChoice, config: Interfaces.Config): Promise<ChosenPackage> {
  const {service, host, name, jump, key} = flags
  if (service !== undefined) return await ofService(service, flags, config)
  const installPath = flags['install-path']
  if (host === undefined)
    throw usage('it does not say which package', 'Add --service NAME, or --host HOST and --name NAME.')
  if (name === undefined && installPath === undefined)
    throw usage('it does not say which package of that machine', 'Add --name NAME, or --install-path PATH.')
  const fields = {
    ...parseJump(host),
    ...(key !== undefined && {key: path.resolve(key)}),
    ...(jump !== undefined && {jump}),
  }
  return {host: fields, installPath, name: name ?? path.posix.basename(installPath ?? '')}
}

async function ofService(
  service: string,
  {config: files, env}: PlaceChoice,
  config: Interfaces.Config,
): Promise<ChosenPackage> {
  const flags = {...(files && {config: files}), ...(env !== undefined && {env})}
  const {askHost} = await import('./ask-host.js')
  const lent = await askHost(config, {about: flags})
  try {
    const {stack, caller, definition} = await lent.openStack(flags)
    if (!definition) throw usage('there is no stack file', 'Name one with -c FILE.')
    const {spec, host} = targetOf(service, definition)
    return {
      host,
      installPath: spec.install_path,
      name: spec.install_path === undefined ? await nameOf(spec, definition) : path.posix.basename(spec.install_path),
      lent,
      restart: () => lent.client.service.restart({...caller, stack, services: [service]}),
    }
  } catch (error) {
    await lent[Symbol.asyncDispose]()
    throw error
  }
}

function targetOf(service: string, definition: StackDefinition) {
  const found = definition.services[service]
  if (!found)
    throw commandServices.error('SERVICE_UNKNOWN', {
      subject: service,
      reason: `the stack has ${Object.keys(definition.services).join(', ')}`,
      hint: 'Run `harness status` to see the services of the stack.',
    })
  const {target} = found
  const spec = target?.spec as Partial<PackageSpec> | undefined
  if (spec?.package === undefined || spec.host === undefined)
    throw usage(`'${service}' is no service of type package`, 'Name one that is, or a machine with --host HOST.')
  const {package: file, host, install_path, user, port, key, jump} = spec
  const given = Object.entries({user, port, key, jump}).filter(([, value]) => value !== undefined)
  const fields: HostFields = {...Object.fromEntries(given), host}
  return {
    spec: {package: file, install_path},
    host: hostOf({spec: fields, directory: definition.directory, nodes: nodesOf(definition)}),
  }
}

function nodesOf({networks = {}}: StackDefinition) {
  const all = Object.values(networks).flatMap((network) => ('nodes' in network ? network.nodes : []))
  return Object.fromEntries(all.map((node) => [node.name, node]))
}

async function nameOf({package: file}: Pick<PackageSpec, 'package'>, {directory}: StackDefinition): Promise<string> {
  const {manifest} = await readArchive(path.resolve(directory, file), file)
  return manifest.name
}

function usage(reason: string, hint: string): Error {
  return commandServices.error('USAGE', {subject: 'harness package', reason, hint})
}
