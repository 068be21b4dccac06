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

/**
 * What is started for a program in layers: the client that leads to it. The variables of the stack file go with the program; what this machine has stays
 * here, with the client. Throws SERVICE_START_FAILED where that cannot be.
 */
export function planClient(request: Request, services: Pick<PluginServices, 'layers'>): Launch {
  const {layers = [], elsewhere = false, graceMs} = request
  const {binary, args = [], stdin} = request.spec
  const place = elsewhere && {elsewhere: services.layers.describe(layers)}
  const inside: Inside = {layers, ...(elsewhere ? far(request) : near(request)), ...place}
  const command: CommandSpec = {
    ...{program: binary, args, env: inside.env, graceMs},
    ...(inside.cwd !== undefined && {cwd: inside.cwd}),
    ...(stdin && {stdin: 'open' as const}),
  }
  const client = services.layers.wrap(command, layers)
  const cwd = folderFor(request, client.cwd ?? '.')
  const own = elsewhere ? serviceEnvironment({...request, env: {}}, cwd) : {PWD: cwd}
  const env = {...own, ...client.env, [cookieName]: request.instance}
  const program = programFor(request, client.program, {cwd, env})
  return {
    ...{program, args: client.args, cwd, env, graceMs, inside},
    ...(stdin && {stdin}),
    ...(client.lead !== undefined && {lead: client.lead}),
  }
}

function near(request: Request): Omit<Inside, 'layers'> {
  const {working_dir} = request.spec
  const {PWD: _, ...env} = serviceEnvironment(request, '')
  return {env, ...(working_dir !== undefined && {cwd: path.resolve(request.directory, working_dir)})}
}

function far(request: Request): Omit<Inside, 'layers'> {
  const {env} = request
  const {working_dir} = request.spec
  if (working_dir === undefined) return {env}
  if (path.posix.isAbsolute(working_dir)) return {env, cwd: working_dir}
  const reason = `its layers lead away from this machine, where the folder '${working_dir}' means nothing`
  throw cannotStart(request, reason, `Write an absolute 'working_dir', or leave it out.`)
}
