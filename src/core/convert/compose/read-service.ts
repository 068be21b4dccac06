import type {Json, JsonObject} from '../../base/json.js'
import type {Origin} from '../converted.js'
import {given} from '../given.js'
import type {Part} from '../part.js'
import {stackNames} from '../stack-names.js'
import {readBuild, readPull} from './build.js'
import {readDependencies} from './dependencies.js'
import {readHealthcheck} from './health.js'
import {readPorts} from './ports.js'
import {readResources, readUlimits} from './resources.js'
import {readRestart} from './restart.js'
import {shellWords} from './shell-words.js'
import {unsupportedOfService} from './unsupported.js'
import {readEnvFiles, readEnvironment, readPairs} from './variables.js'
import {readVolumes} from './volumes.js'

/** A service as one of type docker. Variables are filled in by the same rules here and there, so texts stay as they are. */
export function readService(origin: Origin, names: ReadonlyMap<string, string>, part: Part): JsonObject {
  const deploy = part.part('deploy')
  const [envFile, ...more] = readEnvFiles(origin, part)
  const {volumes, tmpfs} = readVolumes(origin, part)
  const profiles = [...new Set(part.texts('profiles').flatMap((name) => [...stackNames([name]).values()]))]
  const fields = given({
    type: 'docker',
    image: part.text('image'),
    build: readBuild(origin, part),
    pull: readPull(part),
    command: readWords(part, 'command'),
    entrypoint: readWords(part, 'entrypoint'),
    profiles,
    env_file: more.length === 0 ? envFile : [envFile ?? '', ...more],
    env: readEnvironment(part),
    ports: readPorts(part),
    volumes,
    tmpfs,
    networks: readNetworks(part),
    labels: readPairs(part, 'labels', () => ''),
    user: part.text('user'),
    working_dir: part.text('working_dir'),
    init: part.flag('init') || undefined,
    resources: readResources(part, deploy),
    ulimits: readUlimits(part),
    replicas: readReplicas(part, deploy),
    dependencies: readDependencies(names, part),
    health_check: readHealthcheck(part.part('healthcheck')),
    restart: readRestart(part, deploy),
    stop_signal: part.text('stop_signal'),
    shutdown_timeout: part.text('stop_grace_period'),
  })
  if (fields['image'] === undefined && fields['build'] === undefined)
    part.wrong('image', 'an image, or a build', undefined)
  deploy?.leftOvers({mode: '', labels: '', update_config: '', rollback_config: '', placement: '', endpoint_mode: ''})
  part.leftOvers(unsupportedOfService)
  return fields
}

/** A list, or a line that is taken apart as a shell would. */
function readWords(part: Part, key: string): Json | undefined {
  const value = part.value(key)
  if (value === undefined || Array.isArray(value)) return part.texts(key)
  const line = part.textOf(value, key)
  return shellWords(line) ?? part.wrong(key, 'a line whose quotes are closed', line)
}

function readNetworks(part: Part): readonly string[] {
  const value = part.value('networks')
  if (value === undefined || Array.isArray(value)) return part.texts('networks')
  return part.parts('networks').map(([name, network]) => {
    network.leftOvers()
    return name
  })
}

function readReplicas(part: Part, deploy: Part | undefined): Json | undefined {
  const text = deploy?.text('replicas') ?? part.text('scale')
  return text === undefined || !/^\d+$/.test(text) ? text : Number(text) === 1 ? undefined : Number(text)
}
