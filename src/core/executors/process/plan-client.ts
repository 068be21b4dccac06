import path from 'node:path'
import type {CommandSpec} from '../../contract/command.js'
import type {StartRequest} from '../../contract/executor.js'
import type {PluginServices} from '../../contract/services.js'
import type {Inside, Launch} from '../../process/command-file.js'
import {cookieName} from '../../process/cookie.js'
import {cannotStart, folderFor, programFor} from '../plan-launch.js'
import {serviceEnvironment} from './environment.js'
import type {ProcessSpec} from './spec.js'

type Request = StartRequest<ProcessSpec>
type Folder = Pick<ProcessSpec, 'working_dir'>

/**
 * What is started for a program in layers: the client that leads to it. The variables of the stack file go with the program; what this machine has stays
 * here, with the client. Throws SERVICE_START_FAILED where that cannot be.
 */
export function planClient(request: Request, services: Pick<PluginServices, 'layers'>): Launch {
  const {layers = [], graceMs} = request
  const {binary, args = [], stdin} = request.spec
  const inside = insideOf(request, services)
  const command: CommandSpec = {
    ...{program: binary, args, env: inside.env, graceMs},
    ...(inside.cwd !== undefined && {cwd: inside.cwd}),
    ...(stdin && {stdin: 'open' as const}),
  }
  const client = services.layers.wrap(command, layers)
  const cwd = folderFor(request, client.cwd ?? '.')
  const env = {...clientEnvironment(request, cwd), ...client.env, [cookieName]: request.instance}
  const program = programFor(request, client.program, {cwd, env})
  return {
    ...{program, args: client.args, cwd, env, graceMs, inside},
    ...(stdin && {stdin}),
    ...(client.lead !== undefined && {lead: client.lead}),
  }
}

/** What the layers of a request lead to. */
export function insideOf(request: StartRequest<Folder>, services: Pick<PluginServices, 'layers'>): Inside {
  const {layers = [], elsewhere = false} = request
  return {
    layers,
    ...(elsewhere ? far(request) : near(request)),
    ...(elsewhere && {elsewhere: services.layers.describe(layers)}),
  }
}

/** What the client of layers has of its caller, beside what the layers give it. */
export function clientEnvironment(request: StartRequest, cwd: string): Readonly<Record<string, string>> {
  return request.elsewhere ? serviceEnvironment({...request, env: {}}, cwd) : {PWD: cwd}
}

function near(request: StartRequest<Folder>): Omit<Inside, 'layers'> {
  const {working_dir} = request.spec
  const {PWD: _, ...env} = serviceEnvironment(request, '')
  return {env, ...(working_dir !== undefined && {cwd: path.resolve(request.directory, working_dir)})}
}

function far(request: StartRequest<Folder>): Omit<Inside, 'layers'> {
  const {env} = request
  const {working_dir} = request.spec
  if (working_dir === undefined) return {env}
  if (path.posix.isAbsolute(working_dir)) return {env, cwd: working_dir}
  const reason = `its layers lead away from this machine, where the folder '${working_dir}' means nothing`
  throw cannotStart(request, reason, `Write an absolute 'working_dir', or leave it out.`)
}
